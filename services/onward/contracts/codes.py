"""The closed code lists, with where each comes from."""

from typing import TYPE_CHECKING, Literal, get_args

from onward.contracts.area_vocabulary import ADDED

OurNeed = Literal[
    "ACCOMMODATION",
    "SUBSTANCE_DRUGS",
    "SUBSTANCE_ALCOHOL",
    "MENTAL_HEALTH",
    "PHYSICAL_HEALTH",
    "LEARNING_NEURODIVERSITY",
    "EMPLOYMENT_EDUCATION",
    "FINANCE_DEBT",
    "FAMILY_RELATIONSHIPS",
    "DOMESTIC_ABUSE",
    "THINKING_BEHAVIOUR",
    "SOCIAL_INCLUSION",
    "GAMBLING",
    "TRAUMA",
    "BRAIN_INJURY",
    "SOCIAL_CARE",
]
"""
What somebody can need help with, in five severities that `schemas/need-severities.csv` puts into words.

The first twelve are a crosswalk of Refer and Monitor, Resettlement Passport and Community Support. The others are what
practitioners find and none of these three has; SOCIAL_CARE is the care and support of the Care Act 2014.
"""

OurCategory = Literal[
    OurNeed,
    "WOMENS_SERVICES",
    "YOUTH_JUSTICE",
    "GANGS_EXIT",
    "OUT_OF_COURT",
    "VICTIM_SUPPORT",
    "CHILDRENS_SOCIAL_CARE",
    "BEHAVIOUR_CHANGE",
    "SEXUAL_VIOLENCE",
    "VETERANS",
    "CARE_LEAVERS",
    "IMMIGRATION_ADVICE",
]
"""
What a referral is for: a need, or one of the services defined by who they are for rather than by a need.

DOMESTIC_ABUSE is help for a victim; BEHAVIOUR_CHANGE is a programme about one's own abusive behaviour. They are two
purposes, so that what a victim agrees to can never be taken for the other.
"""

OurService = Literal[
    "housing_authority",
    "supported_housing",
    "cas3",
    "drug_treatment",
    "alcohol_treatment",
    "community_mental_health",
    "crisis_team",
    "crisis_line",
    "place_of_safety",
    "hospital_liaison",
    "dual_diagnosis",
    "primary_care",
    "reconnect",
    "learning_disability",
    "employment_support",
    "debt_advice",
    "family_support",
    "idva",
    "marac",
    "perpetrator_programme",
    "thinking_skills",
    "social_inclusion",
    "womens_centre",
    "youth_justice_liaison",
    "youth_service",
    "gangs_exit",
    "caution_scheme",
    "victim_support",
    "childrens_social_care",
    "camhs",
    "young_peoples_substance_use",
    "childrens_victim_support",
    "rough_sleeper_outreach",
    "liaison_diversion",
    "liaison_handover",
    "adult_social_care",
    "sexual_assault_referral_centre",
    "isva",
    "veterans_justice",
    "veterans_mental_health",
    "leaving_care",
    "gambling_treatment",
    "trauma_therapy",
    "brain_injury",
    "hospital_navigator",
    "immigration_advice",
    "early_help",
]
"""What kind of service a provider runs. A rule may name providers, or a service and let the catchment choose."""

if TYPE_CHECKING:
    # For the type checker, those that the code itself may name; nothing may match them exhaustively.
    Need = OurNeed
    Category = OurCategory
    Service = OurService
else:
    Need = Literal[(*get_args(OurNeed), *ADDED.beside("needs", get_args(OurCategory)))]
    Category = Literal[(*get_args(OurCategory), *ADDED.needs)]
    Service = Literal[(*get_args(OurService), *ADDED.beside("services", get_args(OurService)))]
"""Ours, and what areas add in `schemas/vocabulary`; an added need is a category too."""

LegalBasisKind = Literal["consent", "statutory_duty", "vital_interests", "safeguarding", "public_task", "court_order"]
"""Why the law lets a person's data go to a provider. It changes what is disclosed."""

Urgency = Literal[
    "immediate",
    "within_4_hours",
    "within_24_hours",
    "next_working_day",
    "within_2_working_days",
    "within_5_working_days",
    "within_10_working_days",
    "within_3_weeks",
    "within_4_weeks",
]
"""By when the provider is to act, from when the referral is made."""

NoticeUrgency = Literal[Urgency, "digest"]
"""By when people on duty are to act; `digest`: nobody is called, and it stands in the digest for whoever looks."""

ProviderStatus = Literal[
    "RECEIVED",
    "INFO_REQUESTED",
    "ACCEPTED",
    "ASSESSMENT_BOOKED",
    "ATTENDED",
    "DID_NOT_ATTEND",
    "IN_SERVICE",
    "ON_HOLD",
    "REJECTED",
    "COMPLETED",
    "DISCHARGED",
    "UNREACHABLE",
    "CONSENT_WITHDRAWN",
    "ENTERED_IN_ERROR",
]
"""What a provider may say of a referral that it was sent."""

ReferralStatus = Literal[
    "AWAITING_APPROVAL",
    "READY",
    "SENT",
    "DELIVERY_FAILED",
    ProviderStatus,
    "EXPIRED",
    "WITHDRAWN",
    "CLOSED_DECEASED",
]
"""The life of a referral. Their equivalents in FHIR Task, BaRS and MHSDS: `docs/referral-lifecycle.md`."""

Movement = Literal[
    "released",
    "died",
    "deported",
    "absconded",
    "hospital",
    "court",
    "transfer",
    "temporary_absence",
    "merged",
    "admitted",
    "returned",
    "unknown",
]
"""What really happened at a prison gate, whatever the event's `reason` field says."""

RuleClosureReason = Literal["death", "removal_from_uk", "return_to_prison", "completion"]
"""
Why a rule ends a person's open referrals.

Each service that ends anything matches it exhaustively: with a new one no type check passes until all have an answer.
"""

ClosureReason = Literal[RuleClosureReason, "consent_withdrawn", "expiry", "basis_lapsed", "merge_undone"]
"""
Why a person's open referrals end from our side (the NHS Data Dictionary calls it the referral closure reason).

Beside what a rule says: the consent that a referral stands on was taken back; nobody was heard to help for so long that
another was made, or a yes came too late; what its rule asked for is not so any more, before anything was sent; or it
was made on somebody else's facts, whose records were taken for this person's.
"""

RejectionReason = Literal[
    "NO_CAPACITY",
    "NOT_ELIGIBLE",
    "OUT_OF_AREA",
    "NO_LOCAL_CONNECTION",
    "INTENTIONALLY_HOMELESS",
    "NO_RECOURSE_TO_PUBLIC_FUNDS",
    "TOO_EARLY",
    "NOT_ENOUGH_TIME",
    "RISK_UNMANAGEABLE",
    "CONSENT_NOT_GIVEN",
    "ALREADY_KNOWN",
    "OTHER",
]
"""Why a provider says no: Single Accommodation Service outcomes and CAS rejection reasons."""

DischargeReason = Literal[
    "TREATMENT_COMPLETED",
    "NO_FURTHER_NEED",
    "TRANSFERRED",
    "TRANSFERRED_IN_CUSTODY",
    "RETAINED_IN_CUSTODY",
    "MOVED_AWAY",
    "DROPPED_OUT",
    "DECLINED_BY_PERSON",
    "WITHDRAWN_BY_PROVIDER",
    "DIED",
    "OTHER",
]
"""Why a provider ends its care: the discharge reasons of NDTMS, in words that services of other kinds use too."""

AnswerReason = Literal[RejectionReason, DischargeReason]
"""Why a provider says no, or ends its care."""

ReferralOutcome = Literal[
    "HOUSED",
    "HOMELESSNESS_PREVENTED",
    "IN_TREATMENT",
    "SUBSTANCE_USE_REDUCED",
    "ABSTINENT",
    "WELLBEING_IMPROVED",
    "RISK_REDUCED",
    "SAFER",
    "REGISTERED_WITH_GP",
    "IN_WORK_OR_TRAINING",
    "DEBT_REDUCED",
    "FAMILY_TIES_IMPROVED",
    "CONDITIONS_MET",
    "NO_CHANGE",
    "WORSE",
]
"""What changed for the person, in a provider's judgement."""
