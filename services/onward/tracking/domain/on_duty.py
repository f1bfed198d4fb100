"""What one record means to people on duty: whom it calls, and what it does to their cases."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from uuid import UUID

from onward.contracts.decision import Decision
from onward.contracts.referral import Escalation
from onward.tracking.domain import cases
from onward.tracking.domain.cases import DutyCase
from onward.tracking.domain.changes import Change, NoticeGiven, ReferralChange
from onward.tracking.domain.knowing import card_of
from onward.tracking.domain.model import CaseCard
from onward.tracking.domain.subject import area_of, keys_of


class OnDuty:
    """People on duty while the changes of one record are told: what they were called for, and their cases."""

    def __init__(self, raised: Collection[UUID], open_cases: Iterable[DutyCase], decision: Decision | None) -> None:
        """As `write_messages` of `notifications.py`."""
        self.cases = {case.case_id: case for case in open_cases}
        self.changed: dict[UUID, DutyCase] = {}
        self.raised: dict[UUID, str] = {}
        self.calls: list[Escalation] = []
        self._before = raised
        self._decision = decision
        self._persons = keys_of(decision) if decision else frozenset[str]()

    def is_called(self, change: Change, call: Escalation | None) -> bool:
        """Call them, or bring them news, unless they know it; whether they did not."""
        if call is None or call.escalation_id in self._before or call.escalation_id in self.raised:
            return False
        self.raised[call.escalation_id] = call.person
        if self._decision is not None and call.area is None:
            call = call.model_copy(update={"area": area_of(self._decision)})
        episode = self._decision.episode if self._decision else None
        case = cases.covering(call, self.cases.values(), self._persons | {call.person}, episode=episode)
        if case is None and call.kind in cases.GATHERED and (gathering := self._of_this_decision()) is not None:
            self._keep(cases.with_news(gathering, call))
            return True
        if case is None:
            self._keep(cases.opened(call, self._card(change), episode=episode))
            self.calls.append(call)
            return True
        told = cases.with_news(case, call)
        self._keep(told)
        if told is case:
            return False
        self.calls.append(call.model_copy(update={"escalation_id": case.case_id, "revision": told.revision}))
        return True

    def _of_this_decision(self) -> DutyCase | None:
        """The case for which a coordinating role is called with this record, or has been called already."""
        called = {call.escalation_id for call in self.calls}
        return next((case for case in self.changed.values() if case.case_id in called and cases.may_gather(case)), None)

    def refresh(self) -> None:
        """Put what is known by now on the cards of the person's cases."""
        if self._decision is None:
            return
        own = self._decision.parted.own if self._decision.parted else ()
        for case in tuple(self.cases.values()):
            if case.person not in self._persons and case.contact_id not in own:
                continue
            known = cases.refreshed(cases.parted(case, self._decision), self._decision)
            if known != case:
                self._keep(known)

    def close(self, changes: Iterable[Change]) -> None:
        """Close the cases whose cause is over."""
        # What the record itself calls for is not over with it.
        opened = {call.escalation_id for call in self.calls}
        stood = tuple(case for case in self.cases.values() if case.case_id not in opened)
        for case in cases.closed_by_cause(changes, stood, self._persons):
            self._keep(case)

    def _keep(self, case: DutyCase) -> None:
        self.cases[case.case_id] = self.changed[case.case_id] = case

    def _card(self, change: Change) -> CaseCard | None:
        if self._decision is None:
            return change.referral.card if isinstance(change, ReferralChange) else None
        met = change.notice.conditions if isinstance(change, NoticeGiven) else ()
        card = card_of(self._decision, frozenset(each.field for each in met))
        whose = change.referral.person if isinstance(change, ReferralChange) else self._decision.person
        return card if whose == self._decision.person else replace(card, sealed_for=self._decision.person)
