"""Every message we have, real or made up, through a running system: it ends as `onward try` says it will."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from integration.whole.partner_messages import ago, message, now, release, screening, somebody
from integration.whole.real_samples import (
    SAMPLES,
    Sample,
    found_beside_the_repository,
    happening_at,
    of_somebody_else,
    own_examples,
    sendings,
)
from integration.whole.watching import Seen, Sent
from integration.whole.whole_system import System
from onward.cli.composition import try_bytes
from onward.cli.facts_file import Earlier
from onward.cli.trial import Trial
from onward.contracts import paths
from onward.contracts.outcome import Ignored, Parked
from onward.intake.handlers import publishable
from onward.intake.partners import read
from onward.routing.bundle_files import load_bundle
from onward.routing.domain.language import RuleSet

NOT_A_RELEASE = (
    "died",
    "merged",
    "deported",
    "absconded",
    "hospital",
    "court",
    "transfer",
    "temporary_absence",
    "admitted",
    "returned",
    "unknown",
)


@dataclass(frozen=True)
class Played:
    """A message that was sent, and where."""

    sample: Sample
    sent: Sent


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    return load_bundle(paths.schemas() / "routing")


@pytest.fixture(scope="module", params=["found beside the repository", "our own examples"])
def samples(request: pytest.FixtureRequest) -> list[Sample]:
    if request.param == "our own examples":
        return own_examples()
    found = found_beside_the_repository()
    if not found:
        pytest.skip(f"no real messages at {SAMPLES}; set ONWARD_SAMPLES to a folder that holds some")
    return found


@pytest.fixture(scope="module")
def as_found(whole: System, samples: list[Sample]) -> list[Played]:
    """Every message, sent as it is."""
    return play(whole, samples)


@pytest.fixture(scope="module")
def of_others(whole: System, samples: list[Sample]) -> list[Played]:
    """Every message, of people whom no other message is about."""
    return play(whole, [of_somebody_else(sample) for sample in samples])


def play(whole: System, samples: Sequence[Sample]) -> list[Played]:
    """Send all, and wait until every record that follows from them has ended in an outcome."""
    sent = whole.watch.send(*sendings(samples))
    whole.settle()
    return [Played(sample, where) for sample, where in zip(samples, sent, strict=True)]


def became_of(whole: System, played: Played) -> tuple[str, ...]:
    """What the topics say of a message: its contacts, or why it is parked."""
    parked = [seen for seen in whole.watch.about("parked", played.sent.place) if seen.topic == "parked.intake"]
    contacts = whole.contacts(played.sent.place)
    assert not (parked and contacts)
    if parked:
        return ("parked", parked[0].header("reason"), parked[0].header("pointer"))
    ids = sorted(str(contact.body["contact_id"]) for contact in contacts)
    return ("contact", *ids) if ids else ("ignored",)


def told(whole: System, played: Played) -> tuple[str, ...]:
    """What intake's own code says of it, without any server."""
    sample = played.sample
    outcome = read(sample.source, sample.value, sample.headers, received_at=played.sent.at)
    match outcome:
        case Ignored():
            return ("ignored",)
        case Parked(reason, pointer):
            return ("parked", reason, pointer)
        case _:
            return ("contact", *sorted(str(publishable(one, whole.id_key).contact_id) for one in outcome))


def tried(played: Played, rules: RuleSet, whole: System) -> Trial:
    sample = played.sample
    return try_bytes(
        sample.source,
        sample.value,
        received_at=played.sent.at,
        earlier=Earlier(),
        rules=rules,
        directory=whole.providers,
    )


def decision_of(whole: System, contact: str) -> dict[str, Any]:
    """The first decision on a contact."""
    decisions = whole.watch.about("decisions", contact)
    return next(each.body for each in decisions if each.body["revision"] == 1)


def test_intake_says_of_every_message_what_its_own_code_says(whole: System, as_found: list[Played]) -> None:
    differing = {
        each.sample.name: (became_of(whole, each), told(whole, each))
        for each in as_found
        if became_of(whole, each) != told(whole, each)
    }
    assert differing == {}


def test_the_decision_on_every_message_is_the_one_that_try_makes(
    whole: System, as_found: list[Played], of_others: list[Played], rules: RuleSet
) -> None:
    known = {name for each in as_found for contact in whole.contacts(each.sent.place) for name in names(contact)}
    trials = [tried(each, rules, whole) for each in of_others]
    seen = [contact for each in of_others for contact in whole.contacts(each.sent.place)]
    counts = Counter(name for contact in seen for name in names(contact))
    # To `onward try` nobody is known yet.
    alone = {
        str(contact.body["contact_id"])
        for contact in seen
        if all(counts[name] == 1 and name not in known for name in names(contact)) and not contact.body["in_reply_to"]
    }
    assert len(alone) > len(seen) * 0.8
    differing: dict[str, object] = {}
    for each, trial in zip(of_others, trials, strict=True):
        if became_of(whole, each)[0] != trial.outcome:
            differing[each.sample.name] = (became_of(whole, each), trial.outcome)
        for made in trial.contacts:
            contact = str(publishable(made.contact, whole.id_key).contact_id)
            if contact in alone:
                decided, expected = decision_of(whole, contact), made.decision.model_dump(mode="json")
                for part in ("facts", "referrals", "notices", "needs_information", "suppressed", "covered", "unmet"):
                    if without_ids(decided.get(part)) != without_ids(expected[part]):
                        differing[f"{each.sample.name}: {part}"] = (decided.get(part), expected[part])
    assert differing == {}


def without_ids(part: Any) -> Any:
    """Without what follows from a contact's id, which `onward try` has no secret to make."""
    return [{**each, "referral_id": ""} if "referral_id" in each else each for each in part] if part else part


def names(contact: Seen) -> set[str]:
    """Everything that names a contact's person or case."""
    identifiers = {f"{each['type']} {each['value']}" for each in contact.body["identity"]["identifiers"]}
    return identifiers | {f"{contact.body['source']} {contact.body['reference']}"}


def test_an_answer_to_a_question_that_nobody_asked_is_parked_whoever_it_names(
    whole: System, samples: list[Sample], of_others: list[Played]
) -> None:
    answers = [
        contact for each in of_others for contact in whole.contacts(each.sent.place) if contact.body["in_reply_to"]
    ]
    assert answers or samples != own_examples()  # the public ones hold none
    for answer in answers:
        parked = whole.watch.about("parked", answer.place)
        assert [each.header("reason") for each in parked] == ["unknown_question"]


def test_only_a_real_release_leads_to_a_release_referral_whatever_the_reason_says(
    whole: System, samples: list[Sample]
) -> None:
    """Each person was screened before and agreed to everything, so that a release would lead to referrals."""
    moved = [
        (sample, noms)
        for sample in (happening_at(of_somebody_else(sample), ago(hours=1)) for sample in samples)
        if (noms := who_moved(sample))
    ]
    assert moved
    screenings = [
        message("liaison", screening(noms, at=ago(days=3), reference=f"SCREENED-{noms}"))
        for noms in sorted({noms for _, noms in moved})
    ]
    for screened in whole.watch.send(*screenings):
        whole.decided(screened.place)
    wrong: dict[str, object] = {}
    movements: set[str] = set()
    for each in play(whole, [sample for sample, _ in moved]):
        (contact,) = whole.contacts(each.sent.place)
        decision = decision_of(whole, contact.body["contact_id"])
        proposed = [referral["rule"] for referral in decision["referrals"] if referral["release"]]
        movement = decision["facts"].get("event.movement")
        assert movement == "released" or movement in NOT_A_RELEASE
        movements.add(movement)
        if bool(proposed) is not (movement == "released"):
            wrong[each.sample.name] = (movement, proposed)
    assert wrong == {}
    assert movements == {"released", *NOT_A_RELEASE} or samples != own_examples()


def who_moved(sample: Sample) -> str | None:
    """The prison number, if the message tells of one prisoner's movement."""
    outcome = read(sample.source, sample.value, (), received_at=now())
    if isinstance(outcome, Ignored | Parked) or len(outcome) != 1 or "event.movement" not in outcome[0].facts:
        return None
    return next((each.value for each in outcome[0].identifiers if each.type == "NOMS"), None)


def asked_of(whole: System, contact: Seen) -> list[Seen]:
    return whole.questions(contact.body["source"], contact.body["contact_id"])


def referred(whole: System, person: str) -> list[Seen]:
    """What reached providers of the care after release that was decided on for a person, on whatever contact."""
    proposed = {
        referral["referral_id"]
        for decision in whole.watch.all("decisions")
        for referral in decision.body["referrals"]
        if decision.body["person"] == person and referral["rule"] == "reconnect-after-release-physical-health"
    }
    return [sent for referral in proposed for sent in whole.watch.about("referrals", referral)]


def test_a_release_alone_asks_nobody_and_ends_in_referrals_once_a_screening_of_before_arrives(whole: System) -> None:
    who = somebody()
    (released,) = whole.watch.send(message("hmpps", release(who)))
    (first,) = whole.decided(released.place)
    (contact,) = whole.contacts(released.place)
    assert first.body["referrals"] == []

    whole.watch.send(message("liaison", screening(who.noms, at=ago(days=3), reference=who.case)))

    def again() -> list[Seen]:
        decisions = whole.watch.about("decisions", contact.body["contact_id"])
        return [each for each in decisions if each.body["revision"] > 1]

    (second,) = whole.wait(again, "a second decision on the release")
    assert "reconnect-after-release-physical-health" in {each["rule"] for each in second.body["referrals"]}
    assert whole.wait(lambda: referred(whole, second.body["person"]), "a referral")
    assert asked_of(whole, contact) == [], "nobody reads at the event bus of prisons"


def test_a_release_after_a_screening_ends_in_referrals_at_once(whole: System) -> None:
    who = somebody()
    (screened,) = whole.watch.send(message("liaison", screening(who.noms, at=ago(days=3), reference=who.case)))
    whole.decided(screened.place)
    (released,) = whole.watch.send(message("hmpps", release(who)))
    (decision,) = whole.decided(released.place)
    assert "reconnect-after-release-physical-health" in {each["rule"] for each in decision.body["referrals"]}
    assert whole.wait(lambda: referred(whole, decision.body["person"]), "a referral")


def test_a_release_of_years_ago_is_looked_at_by_a_person_and_leads_to_no_referral(whole: System) -> None:
    who = somebody()
    (screened,) = whole.watch.send(message("liaison", screening(who.noms, at=ago(days=4000), reference=who.case)))
    whole.decided(screened.place)
    (released,) = whole.watch.send(message("hmpps", release(who, at=ago(days=3990))))
    (decision,) = whole.decided(released.place)
    assert decision.body["referrals"] == []
    assert {each["reason"] for each in decision.body["suppressed"]} >= {"stale"}
    assert "manual-review" in {each["kind"] for each in decision.body["notices"]}
