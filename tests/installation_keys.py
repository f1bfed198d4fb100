"""The secrets of the installations that tests make up, in every form in which something asks for them."""

import base64
from typing import Any

from pydantic import SecretStr

from onward.chassis.security.envelope import Use
from onward.chassis.security.mending import MendingKey
from onward.chassis.security.sealing import ReferenceEnvelopes, reference_key
from onward.chassis.security.wrapping import LocalKeys

PEPPER, ID_KEY = b"p" * 32, b"k" * 32
MENDING = MendingKey(b"g" * 32)
PARKING = (MENDING.parking_key,)
MASTER = LocalKeys(Use.PERSON_KEY, (b"m" * 32,))
REFERENCE = LocalKeys(Use.REFERENCE_KEY, (b"r" * 32,))
OTHER_MASTER = LocalKeys(Use.PERSON_KEY, (b"x" * 32,))


def text(key: bytes) -> str:
    """A key as a variable holds it."""
    return base64.b64encode(key).decode()


OTHER_MENDING = MendingKey(b"x" * 32)
OTHER_KEY = text(b"x" * 32)
ENVIRONMENT = {
    "ONWARD_PEPPER": PEPPER.decode(),
    "ONWARD_ID_KEY": text(ID_KEY),
    "ONWARD_MASTER_KEY": text(b"m" * 32),
    "ONWARD_REFERENCE_KEY": text(b"r" * 32),
    "ONWARD_MENDING_KEY": text(b"g" * 32),
    "ONWARD_PARKING_KEY": text(MENDING.parking_key.raw),
}
OF_EVERY_SERVICE: dict[str, Any] = {
    "id_key": SecretStr(text(ID_KEY)),
    "parking_key": text(MENDING.parking_key.raw),
}
"""What the settings of every service hold."""
OF_PEOPLE: dict[str, Any] = {
    **OF_EVERY_SERVICE,
    "pepper": SecretStr(PEPPER.decode()),
    "master_key": SecretStr(text(b"m" * 32)),
    "reference_key": SecretStr(text(b"r" * 32)),
}


def local_keys(environment: dict[str, str]) -> tuple[LocalKeys, LocalKeys]:
    """The master key and the reference key of a local stack, from its secrets."""
    master, reference = (base64.b64decode(environment[f"ONWARD_{name}_KEY"]) for name in ("MASTER", "REFERENCE"))
    return LocalKeys(Use.PERSON_KEY, (master,)), LocalKeys(Use.REFERENCE_KEY, (reference,))


def seal_reference(key: bytes, person: str, source: str, reference: str) -> str:
    """How the partner *source* refers to *person*, whose key it is, sealed."""
    return ReferenceEnvelopes(reference_key(key), person).seal(source, reference)
