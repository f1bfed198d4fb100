"""Rules and directory as they travel: what their files say, and who decided that they count."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, StringConstraints, model_validator

from onward.contracts.base import Message, Moment

Sha = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
KeyId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]
ContentKind = Literal["rules", "directory"]
Action = Literal["publish", "rollback", "shadow", "stop-shadow"]
Role = Literal["author", "approver"]


class Strict(Message):
    """Something that is signed, or that a signature names: a field that nobody knows is refused, never ignored."""

    model_config = ConfigDict(extra="forbid")


class Content(Strict):
    """The files of a rule set or of a directory, named by their hash, as decisions name them."""

    kind: ContentKind
    sha256: Sha
    packed: str
    """Base64 of a zlib stream of a JSON object: each file's text by its name."""
    shipped: Literal[True] | None = None
    """
    Came with an image that runs here, and was put on the topic by whoever installed it: what was decided with it can be
    delivered by services of any image. Makes nothing live.
    """


class Statement(Strict):
    """What is signed: which rules and which directory, for what, and why."""

    action: Action
    """`publish` and `rollback` make a pair live; `shadow` lets one decide beside it; `stop-shadow` ends that."""
    number: int = Field(ge=1, le=1_000_000_000)
    """Above that of every earlier release of its kind: an old release that is sent again does not count again."""
    rules: Sha
    directory: Sha
    previous: Sha | Literal[""]
    """The digest of the release that was the newest when this one was proposed; empty for the first."""
    why: str = Field(min_length=1, max_length=1000)
    made_on: Moment


class Signature(Strict):
    """One key's agreement with a statement."""

    role: Role
    key: KeyId
    """The beginning of the SHA-256 of the public key."""
    signature: str = Field(max_length=100)
    """Ed25519, base64."""


class Release(Strict):
    """A statement with its signatures."""

    statement: Statement
    signatures: tuple[Signature, ...] = Field(max_length=2)


class Ruleset(Strict):
    """One record of the topic `rulesets`: a content, or a release that points at contents."""

    content: Content | None = None
    release: Release | None = None

    @model_validator(mode="after")
    def _is_one_thing(self) -> "Ruleset":
        if (self.content is None) == (self.release is None):
            raise ValueError("either a content or a release")
        return self


ChangeKind = Literal["gained", "lost", "moved", "changed"]


class Change(Message):
    """One referral that a shadow bundle would have made otherwise."""

    kind: ChangeKind
    """`moved`: to another provider; `changed`: the same provider by another rule, urgency, basis or approval."""
    category: str
    rule: str
    """The rule that refers; for what is lost, the live one."""
    provider: str
    was_rule: str = ""
    was_provider: str = ""


class ShadowDifference(Message):
    """A situation on which the live and the shadow bundle disagree about whom to refer to whom."""

    decision_id: str
    """The live decision."""
    situation_id: str
    person: str
    """The person's pseudonymous key."""
    live_rules: Sha
    live_directory: Sha
    shadow_rules: Sha
    shadow_directory: Sha
    changes: tuple[Change, ...] = Field(min_length=1)
