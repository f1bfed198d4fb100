"""People whose every particular is a word that stands nowhere else, so that a leak of it can be found."""

import base64
import itertools
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from integration.whole.partner_messages import ago, now
from integration.whole.watching import Headers, Sending
from onward.contracts.identifiers import check_letter
from onward.rehearsal import synthetic

_SERIALS = itertools.count(80_000)


@dataclass(frozen=True)
class Canary:
    """Everything direct that a partner can say of one person, by the name that a disclosure profile gives it."""

    source: str
    fields: Mapping[str, str]

    @property
    def case(self) -> str:
        return self.fields["reference"]

    def person(self) -> dict[str, Any]:
        """As our own shape has it."""
        of = self.fields
        return {
            "name": of["name"],
            "dateOfBirth": of["date_of_birth"],
            "phone": of["phone"],
            "email": of["email"],
            "address": of["address"],
            "postcode": of["postcode"],
            "nomsNumber": of["identifiers.NOMS"],
            "crn": of["identifiers.CRN"],
            "pncId": of["identifiers.PNC"],
            "croNumber": of["identifiers.CRO"],
            "nhsNumber": of["identifiers.NHS"],
            "asn": of["identifiers.ASN"],
            "sex": "female",
            "areaCode": "E08000025",
        }


def canary(source: str) -> Canary:
    serial = next(_SERIALS)
    few = serial % 100
    return Canary(
        source,
        {
            "name": f"Zyxwvuson-{serial} Qqcanary",
            "date_of_birth": f"19{60 + few % 30}-02-{10 + few % 18}",
            "phone": f"07700 9{serial % 100_000:05d}",
            "email": f"qqcanary{serial}@example.org",
            "address": f"{serial} Qqcanary Row",
            "postcode": f"ZE{few} 9ZZ" if few > 9 else f"ZE9{few} 9ZZ",
            "identifiers.NOMS": synthetic.noms(serial),
            "identifiers.CRN": synthetic.crn(serial),
            "identifiers.PNC": synthetic.pnc(serial),
            "identifiers.CRO": synthetic.cro(serial),
            "identifiers.NHS": synthetic.nhs(serial),
            "identifiers.ASN": asn(serial),
            "reference": f"QQCASE-{serial}",
        },
    )


def asn(serial: int) -> str:
    """An arrest summons number that checks, in the form that we keep."""
    return f"9901ZD01{serial:011d}{check_letter(int(f'010199{serial:011d}'))}"


def event(of: Canary) -> dict[str, Any]:
    """A message of this person's partner that leads to referrals where anything can."""
    match of.source:
        case "hmpps":
            return {
                "eventType": "prison-offender-events.prisoner.released",
                "occurredAt": ago(hours=1),
                "description": of.fields["name"],
                "additionalInformation": {
                    "nomsNumber": of.fields["identifiers.NOMS"],
                    "reason": "RELEASED",
                    "nomisMovementReasonCode": "CR",
                    "details": f"Movement reason code CR {of.fields['name']}",
                },
                "personReference": {"identifiers": identifiers(of, "NOMS", "CRN", "PNC")},
            }
        case "courts":
            return hearing(of)
        case _:
            return {
                "occurredAt": ago(hours=2),
                "reference": of.case,
                "person": of.person(),
                "accommodation": {"status": "homeless", "current": "street"},
                "needs": [{"category": "alcohol", "severity": "high"}, {"category": "drugs", "severity": "high"}],
                "riskAssessment": {"selfHarm": 4},
                "consent": {"given": True, "purposes": ["accommodation", "alcohol", "drugs", "contact details"]},
                "notes": of.fields["name"],
                **_OWN[of.source],
            }


_OWN: Mapping[str, Mapping[str, Any]] = {
    "custody": {"eventType": "custody.detention.risk-assessed"},
    "street-triage": {"eventType": "street-triage.contact.recorded", "outcome": "voluntary"},
    "control-room": {"eventType": "control-room.mh-incident.recorded", "threshold": "immediate_risk_to_life"},
    "probation": {
        "eventType": "probation.release.planned",
        "plannedOn": str(now().date().replace(year=now().year + 1)),
    },
    "liaison": {"eventType": "liaison-diversion.screened"},
    "cautions": {
        "eventType": "conditional-caution.issued",
        "conditions": [{"kind": "support", "category": "alcohol"}],
    },
}


def identifiers(of: Canary, *kinds: str) -> list[dict[str, str]]:
    return [{"type": kind, "value": of.fields[f"identifiers.{kind}"]} for kind in kinds]


def hearing(of: Canary) -> dict[str, Any]:
    name = of.fields["name"]
    details = {
        "firstName": name.partition(" ")[0],
        "lastName": name.partition(" ")[2],
        "dateOfBirth": of.fields["date_of_birth"],
        "gender": "FEMALE",
        "address": {"address1": of.fields["address"], "postcode": of.fields["postcode"]},
        "contact": {"mobile": of.fields["phone"], "primaryEmail": of.fields["email"]},
    }
    defendant = {
        "id": of.case,
        "masterDefendantId": of.case,
        "pncId": of.fields["identifiers.PNC"],
        "croNumber": of.fields["identifiers.CRO"],
        "personDefendant": {"personDetails": details},
        "offences": [{"judicialResults": [{"label": "Drug rehabilitation requirement"}]}],
    }
    return {
        "hearing": {
            "id": of.case,
            "hearingDays": [{"sittingDay": ago(hours=4)}],
            "prosecutionCases": [{"id": of.case, "defendants": [defendant]}],
        }
    }


NEVER_ASKED = "6f6e7761-7264-8000-8000-00000000000a"


def spoilt(of: Canary) -> Iterator[Sending]:
    """What goes wrong with a message of this person: in value, key and headers."""
    topic, whole = f"in.{of.source}", json.dumps(event(of)).encode()
    key = of.fields["name"].encode()
    headers: Headers = tuple((f"x-{name}", value.encode()) for name, value in of.fields.items())
    attributes: Headers = (
        ("ce_id", of.fields["name"].encode()),
        ("ce_subject", of.fields["identifiers.NOMS"].encode()),
        ("ce_source", of.fields["email"].encode()),
        ("ce_type", f"unheard.{of.fields['name']}".encode()),
        (of.fields["name"], b"as a header's name"),
    )
    said = event(of)
    bad: Sequence[object] = (
        {**said, "eventType": f"unheard.{of.fields['name']}"},
        {**said, "occurredAt": of.fields["name"]},
        {**said, "person": of.fields["name"]},
        {**said, "person": {**of.person(), "dateOfBirth": of.fields["name"], "sex": of.fields["address"]}},
        {**said, "needs": [{"category": of.fields["name"], "severity": of.fields["phone"]}]},
        {of.fields["name"]: {of.fields["identifiers.NOMS"]: said}},
        {
            "eventType": "facts.answered",
            "inReplyTo": NEVER_ASKED,
            "reference": of.case,
            "facts": {of.fields["name"]: of.fields["email"]},
        },
        {
            "eventType": "facts.answered",
            "inReplyTo": NEVER_ASKED,
            "reference": of.case,
            "facts": {of.fields["identifiers.NOMS"]: True},
        },
        {
            "eventType": "facts.answered",
            "inReplyTo": NEVER_ASKED,
            "reference": of.case,
            "facts": {"person.area": of.fields["address"]},
        },
        {"eventType": "facts.answered", "inReplyTo": of.fields["name"], "facts": {"person.area": "E08000025"}},
        [of.fields["name"], *of.fields.values()],
        of.fields["name"],
    )
    yield Sending(topic, whole, key=key, headers=headers)
    yield Sending(topic, whole[:-20], key=key, headers=headers)
    yield Sending(topic, whole, key=key, headers=attributes)
    yield Sending(topic, whole + b"\xff", key=b"\xff" + key, headers=attributes)
    for name in of.fields.values():
        yield Sending(topic, twice(name, whole), key=key)
    for body in bad:
        yield Sending(topic, json.dumps(body).encode(), key=key, headers=headers)


def twice(name: str, whole: bytes) -> bytes:
    """A document that holds another under a person's name or number, with one key twice."""
    return b'{"' + name.encode() + b'": {"a": 1, "a": ' + whole + b"}}"


@cache
def forms(word: str) -> list[bytes]:
    """*word* as it is, as base64 at any place in a longer text, and in hexadecimal."""
    plain = word.encode()
    shifted = [base64.b64encode(b"\0" * shift + plain)[(0, 2, 3)[shift] : -4] for shift in range(3)]
    return [plain, *(form for form in shifted if len(form) > 8), plain.hex().encode()]
