"""
Fingerprints of the secrets, and whether a process has those that its installation was made with.

Keys are random: a keyed hash of the salt says nothing of one. The pepper may be a passphrase that somebody chose, so
its fingerprint is kept as a password would be: salted, and slow to compute.
"""

import hashlib
import hmac
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from onward.chassis.errors import ConfigurationError, SecretsDifferError
from onward.chassis.key_settings import MasterKeySettings, PepperSettings, ReferenceKeySettings
from onward.chassis.settings import Settings
from onward.contracts.installation import InstallationSecret, SecretName, SecretVersion

Noted = Mapping[str, InstallationSecret]
"""What one place says, by the secret's name; empty where nothing was noted yet."""

Status: TypeAlias = Literal["current", "next"]

VARIABLES: Final[dict[SecretName, str]] = {
    "pepper": "ONWARD_PEPPER",
    "id-key": "ONWARD_ID_KEY",
    "master-key": "ONWARD_MASTER_KEY",
    "reference-key": "ONWARD_REFERENCE_KEY",
    "parking-key": "ONWARD_PARKING_KEY",
}

_SCRYPT, _HMAC = "scrypt-16384-8-1", "hmac-sha256"
_METHODS: Final[dict[SecretName, str]] = {name: _SCRYPT if name == "pepper" else _HMAC for name in VARIABLES}
_PURPOSE = b"onward fingerprint v1 "
_BYTES = 16
_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Secrets:
    """The secrets of this process: those that its service needs, or that somebody at a terminal has."""

    values: Mapping[SecretName, tuple[bytes, ...]] = field(repr=False)
    """Each with what it is made with first, and then what is only opened or looked up with."""
    _known: dict[tuple[SecretName, str, bytes], tuple[str, ...]] = field(
        default_factory=dict[tuple[SecretName, str, bytes], tuple[str, ...]], repr=False, compare=False
    )

    @classmethod
    def of(cls, settings: Settings) -> "Secrets":
        """Those that the settings hold; what a key service keeps it keeps to itself."""
        held: dict[SecretName, tuple[bytes, ...]] = {
            "id-key": (settings.ids,),
            "parking-key": tuple(key.raw for key in settings.parking),
        }
        if isinstance(settings, PepperSettings):
            held["pepper"] = (settings.pseudonyms,)
        if isinstance(settings, MasterKeySettings):
            held["master-key"] = settings.master.held
        if isinstance(settings, ReferenceKeySettings):
            held["reference-key"] = settings.reference.held
        return cls({name: values for name, values in held.items() if values})

    def note(self, name: SecretName, *, version: int = 1, status: Status = "current") -> SecretVersion:
        """The note of one of them, with a salt of its own."""
        salt, method = os.urandom(_BYTES), _METHODS[name]
        made = self.fingerprints(name, method, salt)[0]
        return SecretVersion(version=version, status=status, method=method, salt=salt.hex(), fingerprint=made)

    def first_note(self, name: SecretName) -> InstallationSecret:
        """The note of one of them as the first of an installation."""
        return InstallationSecret(secret=name, versions=(self.note(name),))

    def fingerprints(self, name: SecretName, method: str, salt: bytes) -> tuple[str, ...]:
        """
        Those of the values of one of them under *salt*, in their order.

        Computed once, since topic and database mostly hold the same.
        """
        place = (name, method, salt)
        if place not in self._known:
            self._known[place] = tuple(_fingerprint(method, value, salt) for value in self.values[name])
        return self._known[place]


@dataclass(frozen=True, slots=True)
class SecretDifference:
    """One version of a secret that counts, held against one place."""

    place: str
    name: SecretName
    theirs: str
    ours: tuple[str, ...]
    status: str

    @property
    def differs(self) -> bool:
        """None of ours is what was noted there."""
        return not any(hmac.compare_digest(self.theirs, each) for each in self.ours)


def compare(ours: Secrets, places: Mapping[str, Noted]) -> None:
    """
    See that the secrets are those of every place in which something was noted. Blocking, for a second at most.

    Args:
        ours: Those of this process.
        places: What is noted, by the name of the place: the topic, the database.

    Raises:
        SecretsDifferError: One differs, or a change to another has begun that this process does not have; says which,
            where, and what to do. Never what a secret is.
        ConfigurationError: A newer release has noted them in a way that this one does not know.
    """
    found = [
        each
        for place, noted in places.items()
        for name in ours.values
        if name in noted
        for each in _held_against(ours, place, noted[name], name)
    ]
    differing = [each for each in found if each.differs and each.status == "current"]
    if not differing:
        lacking = [each for each in found if each.differs]
        if lacking:
            raise SecretsDifferError(_lacks_the_next(lacking[0]))
        return
    wanted = {each.name for each in differing}
    fitting = [each for each in found if not each.differs and each.status == "current" and each.name in wanted]
    raise SecretsDifferError(_of_two_installations(fitting[0], differing) if fitting else _another(differing))


def missing(ours: Secrets, noted: Noted) -> list[SecretName]:
    """Those of our secrets of which nothing is noted."""
    return [name for name in ours.values if name not in noted]


def _held_against(ours: Secrets, place: str, record: InstallationSecret, name: SecretName) -> list[SecretDifference]:
    counting = [version for version in record.versions if version.status != "previous"]
    if not counting or not {version.method for version in counting} <= set(_METHODS.values()):
        raise ConfigurationError(
            f"{place} has noted {VARIABLES[name]} in a way that this release does not know: run the release that did"
        )
    return [
        SecretDifference(
            place,
            name,
            version.fingerprint,
            ours.fingerprints(name, version.method, bytes.fromhex(version.salt)),
            version.status,
        )
        for version in counting
    ]


def _fingerprint(method: str, secret: bytes, salt: bytes) -> str:
    if method == _HMAC:
        return hmac.new(secret, _PURPOSE + salt, hashlib.sha256).hexdigest()[: 2 * _BYTES]
    # 16 MiB and a tenth of a second, at each start: 32 characters or more are not guessed at ten a second.
    return hashlib.scrypt(secret, salt=_PURPOSE + salt, n=16_384, r=8, p=1, dklen=_BYTES).hex()


def _another(differing: list[SecretDifference]) -> str:
    names = " and ".join(sorted({VARIABLES[each.name] for each in differing}))
    first = differing[0]
    many = "are not those" if " and " in names else "is not the one"
    return (
        f"this process's {names} {many} this installation was made with ({first.place} says {first.theirs[:_SHOWN]}, "
        f"here {first.ours[0][:_SHOWN]}): give it what the other services have. Nothing was handled"
    )


def _of_two_installations(fits: SecretDifference, differing: list[SecretDifference]) -> str:
    other = next(each for each in differing if each.name == fits.name)
    return (
        f"{fits.place} and {other.place} belong to two installations: {VARIABLES[fits.name]} is that of the first "
        f"({fits.theirs[:_SHOWN]}), not of the second ({other.theirs[:_SHOWN]}, here {other.ours[0][:_SHOWN]}). "
        "Name servers of one installation; nothing was handled"
    )


def _lacks_the_next(lacking: SecretDifference) -> str:
    return (
        f"{VARIABLES[lacking.name]} is being changed ({lacking.place} says {lacking.theirs[:_SHOWN]} is next), and "
        "this process has the old one alone: give it the new one and, in a line below, the old one. Nothing was handled"
    )
