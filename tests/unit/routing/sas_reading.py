"""What one decision of ours says in the words of the Single Accommodation Service: one status for each service."""

from collections.abc import Mapping
from datetime import date

from onward.contracts.decision import Decision
from unit.routing.sas_trees import Answer

DUTY_TO_REFER: Mapping[str, Answer] = {
    "duty-to-refer-upcoming": Answer("UPCOMING", "SUBMIT_DTR_REFERRAL"),
    "duty-to-refer-submitted": Answer("SUBMITTED", "ADD_DTR_OUTCOME"),
    "duty-to-refer-accepted": Answer("ACCEPTED"),
    "duty-to-refer-not-accepted": Answer("NOT_ACCEPTED"),
}
REHABILITATION: Mapping[str, Answer] = {
    "rehabilitation-accommodation-upcoming": Answer("UPCOMING", "SUBMIT_CRS_ACCOMMODATION_REFERRAL"),
    "rehabilitation-services-upcoming": Answer("UPCOMING", "SUBMIT_CRS_REFERRAL"),
    "rehabilitation-accommodation-not-started": Answer("NOT_STARTED", "SUBMIT_CRS_ACCOMMODATION_REFERRAL"),
    "rehabilitation-services-not-started": Answer("NOT_STARTED", "SUBMIT_CRS_REFERRAL"),
    "rehabilitation-accommodation-submitted": Answer("SUBMITTED"),
}
PRIVATE_ADDRESS: Mapping[str, Answer] = {
    "private-address-completed": Answer("COMPLETED"),
    "private-address-not-started": Answer("NOT_STARTED", "ADD_AND_CONFIRM_PROPOSED_ADDRESS"),
}
TRANSITIONAL: Mapping[str, Answer] = {
    "cas3-not-submitted": Answer("NOT_SUBMITTED"),
    "cas3-submitted": Answer("SUBMITTED"),
    "cas3-bedspace-offered": Answer("BEDSPACE_OFFERED", "REPLY_TO_CAS3_BEDSPACE_OFFER"),
    "cas3-booking-confirmed": Answer("BOOKING_CONFIRMED"),
    "cas3-not-arrived": Answer("NOT_ARRIVED"),
    "cas3-booking-cancelled": Answer("BOOKING_CANCELLED"),
}
APPROVED_PREMISES: Mapping[str, Answer] = {
    "cas1-upcoming": Answer("UPCOMING", "START_APPROVED_PREMISE_APPLICATION"),
    "cas1-not-started": Answer("NOT_STARTED", "START_APPROVED_PREMISE_APPLICATION"),
    "cas1-application-rejected": Answer("APPLICATION_REJECTED", "START_APPROVED_PREMISE_APPLICATION"),
    "cas1-not-submitted": Answer("NOT_SUBMITTED", "CONTINUE_APPROVED_PREMISE_APPLICATION"),
    "cas1-information-requested": Answer("INFO_REQUESTED", "PROVIDE_INFORMATION"),
    "cas1-submitted": Answer("SUBMITTED"),
    "cas1-placement-request-not-started": Answer("PLACEMENT_REQUEST_NOT_STARTED", "CREATE_PLACEMENT"),
    "cas1-placement-request-submitted": Answer("PLACEMENT_REQUEST_SUBMITTED"),
    "cas1-placement-request-rejected": Answer("PLACEMENT_REQUEST_REJECTED", "CREATE_PLACEMENT"),
    "cas1-placement-request-withdrawn": Answer("PLACEMENT_REQUEST_WITHDRAWN", "CREATE_PLACEMENT"),
    "cas1-placement-booked": Answer("PLACEMENT_BOOKED"),
    "cas1-arrived": Answer("ARRIVED"),
    "cas1-not-arrived": Answer("NOT_ARRIVED", "CREATE_PLACEMENT"),
    "cas1-placement-cancelled": Answer("PLACEMENT_CANCELLED", "CREATE_PLACEMENT"),
}


def told(decision: Decision, meanings: Mapping[str, Answer]) -> list[Answer]:
    """What the notices say, with the day that an upcoming one names."""
    found = []
    for notice in decision.notices:
        # One to-do list of a person has several rules' lines under one kind.
        meaning = meanings.get(notice.kind) or meanings.get(notice.rule)
        if meaning is not None:
            days = [held.actual for held in notice.conditions if held.field.endswith(".opens_on")]
            starts = next((day for day in days if isinstance(day, date)), None)
            found.append(Answer(meaning.status, meaning.action, starts))
    return found


def duty_to_refer(decision: Decision) -> list[Answer]:
    """A referral on the duty is NOT_STARTED, for it is made now; a suppression for a next place is NOT_REQUIRED."""
    made = [
        Answer("NOT_STARTED", "ADD_DTR_REFERRAL_DETAILS")
        for referral in decision.referrals
        if referral.legal_basis.name == "duty-to-refer"
    ]
    stopped = [Answer("NOT_REQUIRED") for each in decision.suppressed if each.rule == "duty-to-refer-not-required"]
    return [*made, *stopped, *told(decision, DUTY_TO_REFER)]


def rehabilitation(decision: Decision) -> list[Answer]:
    """Nothing is said where nothing is required."""
    return told(decision, REHABILITATION) or [Answer("NOT_REQUIRED")]


def private_address(decision: Decision) -> list[Answer]:
    """Nothing is said to whom it is not open."""
    return told(decision, PRIVATE_ADDRESS) or [Answer("NOT_ELIGIBLE")]


def approved_premises(decision: Decision) -> list[Answer]:
    """Nothing is said to whom they are not open."""
    return told(decision, APPROVED_PREMISES) or [Answer("NOT_ELIGIBLE")]


_PREREQUISITES = {"duty-to-refer": "DTR", "rehabilitation-accommodation": "CRS"}
_REFERS = {"cas3-transitional-accommodation": "NOT_STARTED", "cas3-after-rejection": "REJECTED"}


def transitional(decision: Decision) -> list[Answer]:
    """A referral that waits is CANNOT_START_YET; one that is made starts the service's own."""
    lacking = {each.prerequisites for each in decision.waiting if each.rule.startswith("cas3-")}
    waits = [f"SUBMIT_{'_AND_'.join(_PREREQUISITES[name] for name in names)}_BEFORE_CAS3" for names in lacking]
    made = [
        Answer(_REFERS[referral.rule], "START_CAS3_REFERRAL")
        for referral in decision.referrals
        if referral.service == "cas3"
    ]
    found = [*(Answer("CANNOT_START_YET", action) for action in waits), *made, *told(decision, TRANSITIONAL)]
    return found or [Answer("NOT_ELIGIBLE")]
