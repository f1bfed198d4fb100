"""
The flags of NHS standard DAPB4019 (reasonable adjustments) that we have a word for: SNOMED CT code and preferred term.

As NHS England's value set of flag codes has them (draft of 14 February 2024, of some 350). Every other one is an
adjustment that we have no word for, and is asked about by telephone.
"""

from collections.abc import Mapping
from typing import Final

from onward.contracts.arrangements import Adjustment

FLAGS: Final[Mapping[Adjustment, Mapping[str, str]]] = {
    "sign_language": {
        "415803005": "Uses British sign language",
        "520471000000105": "Preferred method of communication: British Sign Language",
        "204331000000107": "British Sign Language interpreter needed",
        "404903008": "Uses sign language",
        "415805003": "Uses Makaton sign language",
        "204341000000103": "Makaton Sign Language interpreter needed",
        "936761000000104": "Sign Supported English interpreter needed",
    },
    "interpreter": {"315594003": "Interpreter needed"},
    "lip_reading": {
        "441092009": "Does lip read",
        "445143008": "Uses lipspeaker",
        "945911000000109": "Requires lipspeaker",
    },
    "hearing_loop": {"198061000000105": "Uses hearing loop"},
    "text_messages": {"936701000000103": "Requires contact by short message service text message"},
    "easy_read": {"796161000000101": "Requires information in Easyread"},
    "large_print": {
        "957331000000109": "Requires written information in at least 20 point sans serif font",
        "957351000000102": "Requires written information in at least 24 point sans serif font",
        "957371000000106": "Requires written information in at least 28 point sans serif font",
    },
    "braille": {
        "936661000000109": "Requires information in contracted (Grade 2) Braille",
        "936681000000100": "Requires information in uncontracted (Grade 1) Braille",
    },
    "audio": {
        "936601000000105": "Requires information in electronic audio format",
        "367741000000102": "Requires information verbally",
        "985021000000106": "Requires third party to read out written information",
    },
    "plain_language": {
        "1082681000000103": "Requires support for receptive communication needs",
        "1082551000000100": "Requires information in aphasia-accessible format",
        "1082671000000100": "Requires aphasia-friendly communication",
    },
    "advocate": {
        "225835008": "Needs an advocate",
        "225834007": "Uses a citizen advocate",
        "225833001": "Uses a legal advocate",
    },
    "support_person": {
        "1108151000000106": "Requires carer to be present at encounters",
        "1325421000000100": "Requires approach to care to be discussed with carer",
    },
    "quiet_place": {"1325391000000106": "Requires low noise environment"},
    "longer_appointment": {"1108171000000102": "Requires extended appointment"},
    "first_or_last_appointment": {
        "1325351000000103": "Requires first appointment in appointment schedule",
        "1325361000000100": "Requires last appointment in appointment schedule",
    },
    "home_visit": {"1325371000000107": "Requires home visit appointments"},
    "step_free_access": {"1108191000000103": "Requires wheelchair access"},
}

WORDS: Final[Mapping[str, Adjustment]] = {
    word: adjustment for adjustment, flags in FLAGS.items() for flag in flags.items() for word in flag
}
"""By code and by term."""
