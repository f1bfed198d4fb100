"""Rules and situations to measure with: the real pack and many more rules like it, and people of every kind."""

import json
import random
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, get_args

from onward.contracts import paths
from onward.contracts.codes import Need
from onward.contracts.ids import derived_id
from onward.contracts.situation import Situation

AREAS = [f"E080000{number}" for number in range(25, 32)] + [f"E0700000{number}" for number in (8, 9)]
SOURCES = ("custody", "street-triage", "liaison", "courts", "probation", "hmpps")
SERVICES = {
    "ACCOMMODATION": "supported_housing",
    "SUBSTANCE_DRUGS": "drug_treatment",
    "SUBSTANCE_ALCOHOL": "alcohol_treatment",
    "MENTAL_HEALTH": "community_mental_health",
    "EMPLOYMENT_EDUCATION": "employment_support",
    "FINANCE_DEBT": "debt_advice",
}
HAPPENED = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def schemas_with(rules: int, folder: Path) -> Path:
    """A copy of `schemas/` whose rule pack has *rules* rules: the real ones, and others of three to five conditions."""
    shutil.copytree(paths.schemas(), folder)
    real = sum(path.read_text().count("\n  - id: ") for path in (folder / "routing").glob("*.yaml"))
    mixed = random.Random(1)
    made = [_rule(number, mixed) for number in range(rules - real)]
    text = "schema: routing/v1\ntheme: need\nowner: benchmark\nrules:\n" + "".join(made)
    (folder / "routing" / "made-up.yaml").write_text(text)
    return folder


def _rule(number: int, mixed: random.Random) -> str:
    category = mixed.choice([*SERVICES])
    low = mixed.choice([18, 25, 35, 50])
    when = {
        "event.source": mixed.sample(SOURCES, 2),
        "person.age": f"{low}..{low + mixed.choice([3, 7, 10])}",
        "person.area": mixed.sample(AREAS, 2),
        f"needs.{category.lower()}": f">= {mixed.choice([2, 3, 4])}",
        f"consent.{category.lower()}": True,
    }
    refer = {"category": category, "service": SERVICES[category], "urgency": "within_10_working_days"}
    return (
        f"  - id: made-up-{number}\n    why: A rule to measure with\n    effective: {{from: 2000-01-01}}\n"
        f"    when: {json.dumps(when)}\n    refer: {json.dumps(refer)}\n    legal_basis: consent-referral\n"
        f"    tests:\n      - {{name: a child, given: {{person.age: 3}}, expect: no_match, because: person.age}}\n"
    )


def situations(count: int) -> Iterator[Situation]:
    """*count* different situations, about a kilobyte each: adults and children, with and without consent."""
    mixed = random.Random(2)
    for number in range(count):
        contact = derived_id("bench-contact", str(number))
        person = f"{mixed.getrandbits(128):032x}"
        yield Situation.model_construct(
            situation_id=derived_id("bench-situation", str(number)),
            contact_id=contact,
            revision=1,
            person=person,
            source=(source := mixed.choice(SOURCES)),
            type=f"{source}.recorded",
            occurred_at=HAPPENED,
            received_at=HAPPENED + timedelta(minutes=number % 500),
            in_reply_to=None,
            references={source: f"REF-{number:07d}"},
            facts=_facts(mixed),
            observed={},
            consents=(),
            identity_fields=("name", "date_of_birth", "phone"),
            sealed="v1." + "A" * 240,
        )


def _facts(mixed: random.Random) -> dict[str, Any]:
    needs = mixed.sample([need.lower() for need in get_args(Need)], mixed.randint(1, 4))
    return {
        "person.age": mixed.randint(14, 70),
        "person.sex": mixed.choice(["female", "male"]),
        "person.area": mixed.choice(AREAS),
        "accommodation.status": mixed.choice(["settled", "at_risk", "homeless"]),
        "custody.status": mixed.choice(["police_custody", "community"]),
        "risk.self_harm": mixed.randint(0, 2),
        **{f"needs.{need}": mixed.randint(1, 4) for need in needs},
        **{f"consent.{need}": mixed.random() < 0.7 for need in needs},
    }
