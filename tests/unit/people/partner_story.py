"""What partners send, through reading, joining and the real rules: what is known and decided after each message."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from onward.contracts.decision import Decision
from onward.contracts.outcome import Ignored, Parked
from onward.contracts.situation import Situation
from onward.intake.partners import read
from onward.routing.domain.reaching import PREREQUISITE
from unit.people.people_builders import File
from unit.routing.pack_builders import ROUTER

NOMS = "A1234BC"
AREA = "E08000025"


@dataclass(frozen=True)
class Told:
    """What a message led to."""

    situation: Situation
    decision: Decision

    @property
    def notices(self) -> set[str]:
        return {notice.rule for notice in self.decision.notices}

    @property
    def rules(self) -> set[str]:
        """The rules that refer, also where a referral is held because nobody has said who it is."""
        held = (one for one in self.decision.waiting if PREREQUISITE in one.prerequisites)
        return {referral.rule for referral in self.decision.referrals} | {one.rule for one in held}

    @property
    def stopped(self) -> set[str]:
        return {suppressed.reason for suppressed in self.decision.suppressed}

    def fact(self, path: str) -> Any:
        return self.situation.facts.get(path)


def moment(text: str) -> datetime:
    """`03-02` or `03-02 09:30`, of 2026."""
    day, _, time = text.partition(" ")
    return datetime.fromisoformat(f"2026-{day}T{time or '10:00'}").replace(tzinfo=UTC)


class Story:
    """One file, as messages arrive."""

    def __init__(self) -> None:
        self.file = File()
        self.round_again: list[Told] = []
        """Of the last message, what went round again beside its own."""

    def tell(self, source: str, body: dict[str, Any], at: str, *, arrives: str = "") -> Told:
        """Have a message that happened *at* a time read, joined and decided on."""
        received = moment(arrives or at)
        message = {"occurredAt": moment(at).isoformat(), **body}
        told = read(source, json.dumps(message).encode(), (), received_at=received)
        assert not isinstance(told, Ignored | Parked), told
        drafts = [draft for contact in told for draft in self.file.take(contact).drafts]
        first, *self.round_again = [Told(draft.situation, ROUTER.decide(draft.situation)) for draft in drafts]
        return first

    def hmpps(self, kind: str, at: str, *, noms: str = NOMS, arrives: str = "", **said: Any) -> Told:
        """A domain event about a prison number."""
        body = {
            "eventType": kind,
            "additionalInformation": {"nomsNumber": noms, **said},
            "personReference": {"identifiers": [{"type": "NOMS", "value": noms}]},
        }
        return self.tell("hmpps", body, at, arrives=arrives)

    def leaves(self, code: str, at: str, **more: Any) -> Told:
        """Through the gate under a movement code."""
        said = {"reason": "RELEASED", "nomisMovementReasonCode": code, "currentLocation": "OUTSIDE_PRISON"}
        said["currentPrisonStatus"] = "NOT_UNDER_PRISON_CARE"
        return self.hmpps("prison-offender-events.prisoner.released", at, **{**said, **more})

    def received(self, at: str, **more: Any) -> Told:
        """Into prison."""
        said = {"reason": "ADMISSION", "nomisMovementReasonCode": "N", "currentLocation": "IN_PRISON"}
        said["currentPrisonStatus"] = "UNDER_PRISON_CARE"
        return self.hmpps("prison-offender-events.prisoner.received", at, **{**said, **more})

    def screened(self, at: str, *, needs: dict[str, int] | None = None, arrives: str = "", **more: Any) -> Told:
        """A liaison practitioner's screening of somebody who is homeless and agrees."""
        needs = {"ACCOMMODATION": 3, "SUBSTANCE_DRUGS": 3} if needs is None else needs
        body = {
            "eventType": "liaison-diversion.screened",
            "caseNo": "LD-1",
            "person": {"nomsNumber": NOMS, "dateOfBirth": "1990-05-01", "areaCode": AREA, "sex": "male"},
            "needs": [{"category": need, "severity": severity} for need, severity in needs.items()],
            "consent": {"given": True, "purposes": [*needs, "DUTY_TO_REFER", "CONTACT_DETAILS"]},
            "accommodation": {"status": "homeless", "chosenAuthority": AREA, "nextArranged": False},
            **more,
        }
        return self.tell("liaison", body, at, arrives=arrives)

    def in_a_cell(self, at: str, *, arrives: str = "", **more: Any) -> Told:
        """Assessed in police custody as being at immediate risk."""
        body = {
            "eventType": "custody.detention.risk-assessed",
            "custodyRecordNo": "CR-1",
            "person": {"nomsNumber": NOMS},
            "riskAssessment": {"selfHarm": 4},
            **more,
        }
        return self.tell("custody", body, at, arrives=arrives)

    def met_in_the_street(self, at: str, *, noms: str = NOMS, **more: Any) -> Told:
        """Street triage meets somebody who is homeless and agrees."""
        body = {
            "eventType": "street-triage.contact.recorded",
            "incidentNo": f"ST {at}",
            "outcome": "advice",
            "person": {"nomsNumber": noms, "areaCode": AREA, "dateOfBirth": "1990-05-01", "sex": "male"},
            "needs": [{"category": "MENTAL_HEALTH", "severity": 3}],
            "consent": {"given": True, "purposes": ["MENTAL_HEALTH"]},
            **more,
        }
        return self.tell("street-triage", body, at)
