"""The directory: who can help whom, where, how to reach them, and what each kind of recipient may see."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from onward.contracts.base import Written
from onward.contracts.codes import Category, Service
from onward.contracts.fact_kinds import DataClass

ProviderId = Annotated[str, StringConstraints(min_length=3, max_length=61, pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")]
"""Part of the names of the provider's topics, so that it never changes: `referrals.<id>`, `replies.<id>`."""


class Eligibility(Written):
    """Whom a provider takes. An absent bound does not restrict; a fact that is not known does not pass a bound."""

    min_age: int | None = Field(default=None, ge=0, le=120)
    max_age: int | None = Field(default=None, ge=0, le=120)
    sex: Literal["female", "male"] | None = None
    veterans_only: bool = False
    takes_no_recourse_to_public_funds: bool = True


class Provider(Written):
    """One entry of `schemas/directory/`."""

    id: ProviderId
    name: str
    area: str
    """The file's area, such as `west-midlands`."""
    services: tuple[Service, ...] = Field(min_length=1)
    categories: tuple[Category, ...] = Field(min_length=1)
    catchment: tuple[str, ...] = Field(min_length=1)
    """GSS codes of the local authorities served, or `*` for everywhere. Loaded, those there are today."""
    eligibility: Eligibility = Eligibility()
    channel: Literal["topic"] = "topic"
    profile: str
    """The disclosure profile. There is no default: without one nothing can be sent."""
    accepting: bool = True
    """False while the provider has said that it is full."""
    only_named: bool = False
    """Whether it takes only the referrals of rules that name it."""
    location: tuple[float, float] | None = None
    """Latitude and longitude, for the nearest eligible provider."""


class Profile(Written):
    """What one kind of recipient may see. A field it does not name never reaches it."""

    name: str
    why: str
    fields: tuple[str, ...]
    """Identity fields (`name`, `phone`, `identifiers.NHS`…) and fact paths (`needs.accommodation`)."""
    only: Mapping[str, tuple[str, ...]] = Field(default_factory=dict[str, tuple[str, ...]])
    """Of a fact among the `fields`, the values that may be seen: with any other it stays away."""
    warned: bool = False
    """Whether it is told that somebody had to approve a referral, who did, and what goes with the approval."""
    never: tuple[DataClass, ...] = ()
    """Classes of data that must not be named in `fields`: checked when the directory is loaded."""

    def shows(self, field: str, value: object) -> bool:
        """Whether a field that is named may be seen with this value."""
        return field not in self.only or value in self.only[field]


class Directory(Written):
    """Every provider and profile, with the version that decisions name."""

    version: str
    sha256: str
    providers: Mapping[str, Provider]
    profiles: Mapping[str, Profile]
