"""What really happened at a prison gate. "Released" is usually not a release."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final, Literal

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

_Part = Literal["code", "details", "reason"]


@dataclass(frozen=True, slots=True)
class Gate:
    """What an HMPPS event says of a movement; every field as it was sent, blank when absent."""

    reason: str = ""
    code: str = ""
    details: str = ""
    location: str = ""
    status: str = ""


@dataclass(frozen=True, slots=True)
class UnknownCode:
    """A code for which a movement is not understood."""

    field: _Part
    """The part of the `Gate` in which it stands."""
    code: str
    """In capitals."""


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


def unknown_departure(gate: Gate) -> UnknownCode | None:
    """
    The code for which a departure is not understood, to be named to whoever sent it; None where there is none.

    Where two codes are known and contradict each other, or only say together what cannot be, there is none to name.
    """
    if departure(gate) != "unknown":
        return None
    unknown = next((UnknownCode(field, code) for field, code in _coded(gate) if _meaning(code) == "unknown"), None)
    return unknown or _unknown_reason(gate, {"RELEASED", *_BY_REASON})


def unknown_arrival(gate: Gate) -> UnknownCode | None:
    """The reason for which an arrival is not understood, likewise: of arrivals it says what they are."""
    return _unknown_reason(gate, _ARRIVALS) if arrival(gate) == "unknown" else None


def _unknown_reason(gate: Gate, known: Collection[str]) -> UnknownCode | None:
    reason = _word(gate.reason)
    return UnknownCode("reason", reason) if reason and reason not in known else None


def _meaning(code: str) -> Movement:
    return NOT_A_RELEASE.get(code, "released" if code in RELEASE_CODES else "unknown")


def _codes(gate: Gate) -> list[str]:
    """The code field first, then every code in the text of `details`."""
    return [code for _, code in _coded(gate)]


def _coded(gate: Gate) -> list[tuple[_Part, str]]:
    """Each code, with the part in which it stands."""
    in_details = (_word(code) for code in _IN_DETAILS.findall(gate.details))
    told: list[tuple[_Part, str]] = [("code", _word(gate.code)), *(("details", code) for code in in_details)]
    return [(part, code) for part, code in told if code]


def _word(text: str) -> str:
    return text.strip().upper()
