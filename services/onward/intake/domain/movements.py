"""What really happened at a prison gate. "Released" is usually not a release."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from onward.contracts.codes import Movement

NOT_A_RELEASE: Final[Mapping[str, Movement]] = {
    "DEC": "died",
    "DD": "deported",
    "DE": "deported",
    "DL": "deported",
    "DEIRC": "deported",
    "ETR": "deported",
    "UAL": "absconded",
    "UAL_ECL": "absconded",
    "ESCP": "absconded",
    "HO": "hospital",
    "HP": "hospital",
    "HQ": "hospital",
    "MRG": "merged",
    # To an immigration removal centre: out of prison, still detained.
    "ECSLIRC": "transfer",
}
"""NOMIS movement reason codes that come with `reason: RELEASED` and mean something else.

From hmpps-probation-integration-services (`application-prisoner-movement.yml`, `MovementReasonCodes.kt`, message
fixtures), calculate-release-dates-api (`PrisonApiExternalMovement.kt`) and NOMIS reference data (ESCP)."""

RELEASE_CODES: Final[Mapping[str, str]] = {
    "CR": "conditional release",
    "CE": "conditional release, extended sentence",
    "AR": "automatic release",
    "FR1": "release after fixed-term recall",
    "FR2": "release after fixed-term recall",
    "PD": "release after recall",
    "PX": "parole",
    "HD": "home detention curfew",
    "HE": "home detention curfew",
    "HR": "home detention curfew",
    "HU": "home detention curfew",
    "ECSL": "end of custody supervised licence",
    "D1": "detention and training order",
    "D2": "detention and training order",
    "D3": "detention and training order",
    "D4": "detention and training order",
    "BD": "immigration bail",
    "NCS": "non-custodial sentence",
}
"""Codes that are known to be a release to the community, each read in public code or a public message.

A code in neither table is *unknown*: it may be a death that NOMIS writes in a new way, and nobody is referred on a
guess. A new code is one line here."""

_BY_REASON: Mapping[str, Movement] = {
    "RELEASED_TO_HOSPITAL": "hospital",
    "SENT_TO_COURT": "court",
    "TRANSFERRED": "transfer",
    "TEMPORARY_ABSENCE_RELEASE": "temporary_absence",
}
_ARRIVALS: Mapping[str, Movement] = {
    "ADMISSION": "admitted",
    "TEMPORARY_ABSENCE_RETURN": "returned",
    "RETURN_FROM_COURT": "returned",
    "TRANSFERRED": "transfer",
}
_IN_DETAILS = re.compile(r"(?:movement reason code[:\s]+|\bREL-)([A-Za-z0-9_]+)", re.IGNORECASE)
"""As in `Movement reason code CR`, and in a booking's status such as `INACTIVE OUT:REL-CR`."""

_LONGEST_CODE = 12
"""Characters of the longest movement reason code of NOMIS (12 in its table of codes)."""


@dataclass(frozen=True, slots=True)
class Gate:
    """What an HMPPS event says of a movement; every field as it was sent, blank when absent."""

    reason: str = ""
    code: str = ""
    details: str = ""
    location: str = ""
    status: str = ""


def departure(gate: Gate) -> Movement:
    """
    What a `prisoner.released` event means.

    The movement code decides over `reason`. A release needs the reason RELEASED, a known release code, and nothing
    that contradicts it, such as a location inside or a status under prison care. Without all that the movement is what
    `reason` says, or unknown. Two codes of different meaning, one in its field and one in the text of `details`, are
    unknown: neither a release nor a death may rest on such a message.
    """
    meanings: set[Movement] = {_meaning(code) for code in _codes(gate)}
    if len(meanings) > 1:
        return "unknown"
    meaning = next(iter(meanings)) if meanings else "unknown"
    if meaning not in {"released", "unknown"}:
        return meaning
    reason = _word(gate.reason)
    if reason != "RELEASED":
        return _BY_REASON.get(reason, "unknown")
    outside = _word(gate.location) in {"", "OUTSIDE_PRISON"} and _word(gate.status) in {"", "NOT_UNDER_PRISON_CARE"}
    return meaning if outside else "unknown"


def arrival(gate: Gate) -> Movement:
    """
    What a `prisoner.received` event means.

    The prison status says in whose care the person is. Under prison care they have arrived, though they may be outside
    again by the time it is told, at court or with an escort. Somebody of whom only a place outside is said, or who is
    in nobody's care, has not arrived: unknown.
    """
    if "MRG" in _codes(gate):
        return "merged"
    status = _word(gate.status)
    if status == "NOT_UNDER_PRISON_CARE" or (not status and _word(gate.location) == "OUTSIDE_PRISON"):
        return "unknown"
    return _ARRIVALS.get(_word(gate.reason), "unknown")


def unknown_code(gate: Gate) -> str | None:
    """
    The movement code for which a departure is not understood, to be named to whoever sent it; None where it is known.

    A code is a few letters or digits of a published list, and says nothing of anybody; longer text is not repeated.
    """
    unknown = (code for code in _codes(gate) if _meaning(code) == "unknown")
    return next((code if len(code) <= _LONGEST_CODE else "" for code in unknown), None)


def _meaning(code: str) -> Movement:
    return NOT_A_RELEASE.get(code, "released" if code in RELEASE_CODES else "unknown")


def _codes(gate: Gate) -> list[str]:
    """The code field first, then every code in the text of `details`."""
    return [code for code in (_word(gate.code), *map(_word, _IN_DETAILS.findall(gate.details))) if code]


def _word(text: str) -> str:
    return text.strip().upper()
