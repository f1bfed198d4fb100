"""What partners send about made-up people, nobody twice."""

import itertools
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from integration.whole.watching import Sending
from onward.rehearsal import synthetic

BIRMINGHAM = "E08000025"
_NUMBERS = itertools.count(1)  # below 50,000; samples and canaries are above


def now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - partners send what has just happened


def ago(**span: float) -> str:
    return (now() - timedelta(**span)).isoformat()


@dataclass(frozen=True)
class Somebody:
    """A person whom no other test knows."""

    number: int

    @property
    def noms(self) -> str:
        return synthetic.noms(self.number)

    @property
    def crn(self) -> str:
        return synthetic.crn(self.number)

    @property
    def pnc(self) -> str:
        return synthetic.pnc(self.number)

    @property
    def cro(self) -> str:
        return synthetic.cro(self.number)

    @property
    def nhs(self) -> str:
        return synthetic.nhs(self.number)

    @property
    def name(self) -> str:
        return f"Test Person-{self.number:06d}"

    @property
    def case(self) -> str:
        """A partner's own reference."""
        return f"CASE-{self.number:06d}"

    @property
    def born(self) -> str:
        return str(synthetic.birthday(34, now().date()))


def somebody() -> Somebody:
    return Somebody(next(_NUMBERS))


def message(source: str, body: dict[str, Any], *, partition: int | None = None) -> Sending:
    """A partner's document on its topic."""
    return Sending(f"in.{source}", json.dumps(body).encode(), key=b"theirs", partition=partition)


def arrest(who: Somebody, **other: Any) -> dict[str, Any]:
    """A custody risk assessment: homeless and drinking, and agrees to help with both."""
    return {
        "eventType": "custody.detention.risk-assessed",
        "occurredAt": ago(hours=2),
        "custodyRecordNo": who.case,
        "relevantTime": ago(hours=3),
        "person": {
            "name": who.name,
            "dateOfBirth": who.born,
            "sex": "female",
            "pncId": who.pnc,
            "nhsNumber": who.nhs,
            "phone": "07700 900123",
            "areaCode": BIRMINGHAM,
        },
        "accommodation": {"status": "homeless", "current": "street"},
        "needs": [{"category": "accommodation", "severity": "high"}, {"category": "alcohol", "severity": "high"}],
        "riskAssessment": {"selfHarm": "low"},
        "consent": {"given": True, "purposes": ["accommodation", "alcohol", "contact details"], "how": "verbal"},
        **other,
    }


def release(who: Somebody, *, at: str | None = None, **other: Any) -> dict[str, Any]:
    """A prison release, which says nothing of needs."""
    return {
        "eventType": "prison-offender-events.prisoner.released",
        "version": 1,
        "occurredAt": at or ago(hours=1),
        "additionalInformation": {
            "nomsNumber": who.noms,
            "reason": "RELEASED",
            "nomisMovementReasonCode": "CR",
            "currentLocation": "OUTSIDE_PRISON",
            "prisonId": "SWI",
            "currentPrisonStatus": "NOT_UNDER_PRISON_CARE",
        },
        "personReference": {"identifiers": [{"type": "NOMS", "value": who.noms}]},
        **other,
    }


def screening(noms: str, *, at: str, reference: str) -> dict[str, Any]:
    """A liaison screening of a prisoner who needs care and treatment after release, and agrees to both."""
    return {
        "eventType": "liaison-diversion.screened",
        "occurredAt": at,
        "caseNo": reference,
        "person": {
            "name": f"Test Person {noms}",
            "dateOfBirth": str(synthetic.birthday(41, now().date())),
            "sex": "male",
            "nomsNumber": noms,
            "phone": "07700 900456",
            "areaCode": BIRMINGHAM,
        },
        "needs": [{"category": "physical health", "severity": "high"}, {"category": "drugs", "severity": "high"}],
        "substance": {"opioid": True, "inTreatment": False},
        "accommodation": {"status": "settled", "nextArranged": True},
        "consent": {"given": True, "purposes": ["physical health", "drugs"], "how": "signed"},
    }
