"""
Fingerprints of the two secrets, and whether a process has those that its installation was made with.

The master key is random: a keyed hash of the salt says nothing of it. The pepper may be a passphrase that somebody
chose, so its fingerprint is kept as a password would be: salted, and slow to compute.
"""

import hashlib
import hmac
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from onward.chassis.errors import ConfigurationError, SecretsDifferError
from onward.chassis.settings import Settings
from onward.contracts.installation import InstallationSecret, SecretName, SecretVersion

Noted = Mapping[str, InstallationSecret]
"""What one place says, by the secret's name; empty where nothing was noted yet."""

VARIABLES: Final[dict[SecretName, str]] = {"pepper": "ONWARD_PEPPER", "master-key": "ONWARD_MASTER_KEY"}

_SCRYPT, _HMAC = "scrypt-16384-8-1", "hmac-sha256"
_METHODS: Final[dict[SecretName, str]] = {"pepper": _SCRYPT, "master-key": _HMAC}
_PURPOSE = b"onward fingerprint v1 "
_BYTES = 16
_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Secrets:
    """The secrets of this process: both, or only those that somebody at a terminal has."""

    values: Mapping[SecretName, bytes] = field(repr=False)
    _known: dict[tuple[SecretName, str, bytes], str] = field(
        default_factory=dict[tuple[SecretName, str, bytes], str], repr=False, compare=False
    )

    @classmethod
    def of(cls, settings: Settings) -> "Secrets":
        """Those that the settings hold."""
        return cls({"pepper": settings.pepper.get_secret_value().encode(), "master-key": settings.master})

    def note(self, name: SecretName) -> InstallationSecret:
        """The note of one of them as the first of an installation, with a salt of its own."""
        salt, method = os.urandom(_BYTES), _METHODS[name]
        first = SecretVersion(
            version=1,
            status="current",
            method=method,
            salt=salt.hex(),
            fingerprint=self.fingerprint(name, method, salt),
        )
        return InstallationSecret(secret=name, versions=(first,))

    def fingerprint(self, name: SecretName, method: str, salt: bytes) -> str:
        """That of one of them under *salt*; computed once, since topic and database mostly hold the same."""
        place = (name, method, salt)
        if place not in self._known:
            self._known[place] = _fingerprint(method, self.values[name], salt)
        return self._known[place]


@dataclass(frozen=True, slots=True)
class SecretDifference:
    """One secret, held against one place."""

    place: str
    name: SecretName
    theirs: str
    ours: str

    @property
    def differs(self) -> bool:
        """It is another one than was noted there."""
        return not hmac.compare_digest(self.theirs, self.ours)


def compare(ours: Secrets, places: Mapping[str, Noted]) -> None:
    """
    See that the secrets are those of every place in which something was noted. Blocking, for a second at most.

    Args:
        ours: Those of this process.
        places: What is noted, by the name of the place: the topic, the database.

    Raises:
        SecretsDifferError: One differs; says which, where, and what to do. Never what a secret is.
        ConfigurationError: A newer release has noted them in a way that this one does not know.
    """
    found = [
        _held_against(ours, place, noted[name], name)
        for place, noted in places.items()
        for name in ours.values
        if name in noted
    ]
    differing = [each for each in found if each.differs]
    if not differing:
        return
    fitting = [each for each in found if not each.differs and each.name in {other.name for other in differing}]
    raise SecretsDifferError(_of_two_installations(fitting[0], differing) if fitting else _another(differing))


def missing(noted: Noted) -> list[SecretName]:
    """The secrets of which nothing is noted."""
    return [name for name in VARIABLES if name not in noted]


def _held_against(ours: Secrets, place: str, record: InstallationSecret, name: SecretName) -> SecretDifference:
    current = next((version for version in record.versions if version.status == "current"), None)
    if current is None or current.method not in _METHODS.values():
        raise ConfigurationError(
            f"{place} has noted {VARIABLES[name]} in a way that this release does not know: run the release that did"
        )
    mine = ours.fingerprint(name, current.method, bytes.fromhex(current.salt))
    return SecretDifference(place, name, current.fingerprint, mine)


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
        f"here {first.ours[:_SHOWN]}): give it what the other services have. Nothing was handled"
    )


def _of_two_installations(fits: SecretDifference, differing: list[SecretDifference]) -> str:
    other = next(each for each in differing if each.name == fits.name)
    return (
        f"{fits.place} and {other.place} belong to two installations: {VARIABLES[fits.name]} is that of the first "
        f"({fits.theirs[:_SHOWN]}), not of the second ({other.theirs[:_SHOWN]}, here {other.ours[:_SHOWN]}). "
        "Name servers of one installation; nothing was handled"
    )
