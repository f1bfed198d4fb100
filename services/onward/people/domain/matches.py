"""Two people who may be one: when a person is asked, and what the answer says."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import get_args
from uuid import UUID

from onward.contracts.identifiers import IdentifierType
from onward.contracts.ids import derived_id
from onward.contracts.matches import DETAILS, Detail, MatchDecision, MatchedContact, MatchQuestion, match_id
from onward.contracts.validity import SIX_MONTHS
from onward.people.domain.contradiction import agreement, written_otherwise
from onward.people.domain.likely import is_likely, weight
from onward.people.domain.remembered import (
    CONTACT,
    MATCH_DECIDED,
    NOBODY,
    REFERENCE,
    DeclaredLink,
    RememberedContact,
    kind_of,
)

_ASKED_WITHIN = timedelta(days=SIX_MONTHS)
"""How far apart in time two people were met at most: needs and consents of longer ago decide nothing any more."""
_MOST_ASKED = 3
"""About how many people a contact leads to a question, where it is like several who are not like each other."""


def remember_decision(decision: MatchDecision, *, recorded: int, received_at: datetime) -> RememberedContact:
    """
    What a person decided, as a word on two contacts. It says nothing of anybody.

    It was said when it arrived at the latest: by a clock that runs ahead it would count before every later answer.
    """
    statement = decision.statement
    kept, other = (f"{CONTACT}:{contact}" for contact in sorted(statement.contacts))
    return RememberedContact(
        contact_id=decision_id(decision),
        recorded=recorded,
        person="",
        source="onward",
        type=MATCH_DECIDED,
        reference="",
        occurred_at=min(statement.at, received_at).astimezone(UTC),
        received_at=received_at.astimezone(UTC),
        in_reply_to=None,
        numbers=(),
        declared_links=(DeclaredLink("merged" if statement.verdict == "same" else "unmerged", kept, other),),
        facts={},
        consents=(),
        identity=NOBODY,
    )


def decision_id(decision: MatchDecision) -> UUID:
    """What names an answer: all that it says, but for the signature."""
    said = decision.statement
    return derived_id("match-decision", str(said.match_id), said.verdict, said.by, said.at.astimezone(UTC).isoformat())


def questions(
    contact: RememberedContact, people: Mapping[str, Sequence[RememberedContact]], known: Iterable[RememberedContact]
) -> tuple[MatchQuestion, ...]:
    """
    What a person is asked once a contact has come: whether its person and another under a number of it are one.

    Not of two whom somebody parted, or of whom a person has said whether they are one; nor of several under one
    reference, which is often a case's, unless their name and date of birth or telephone number agree.

    Args:
        contact: As it is recorded.
        people: Everybody concerned, by key.
        known: All that was known before, with the answers among it.
    """
    if contact.type == MATCH_DECIDED or contact.person not in people or len(people) == 1:
        return ()
    ours = people[contact.person]
    parted = _parted(known)
    asked = (_question(contact, ours, theirs, parted) for key, theirs in people.items() if key != contact.person)
    return tuple(question for question in asked if question is not None)


def _question(
    contact: RememberedContact,
    ours: Sequence[RememberedContact],
    theirs: Sequence[RememberedContact],
    parted: Collection[frozenset[str]],
) -> MatchQuestion | None:
    numbers = set(contact.connected)
    shared = {number for one in theirs for number in one.connected if number in numbers}
    if not shared or _are_parted(ours, theirs, parted):
        return None
    kinds = {kind_of(number) for number in shared}
    asked = _asked(ours, theirs, kinds)
    return None if asked is None or (kinds == {REFERENCE} and not {"name"} < set(asked.agree)) else asked


def likely_matches(
    contact: RememberedContact,
    people: Mapping[str, Sequence[RememberedContact]],
    known: Iterable[RememberedContact],
    alike: Collection[UUID],
    elsewhere: Collection[RememberedContact],
) -> tuple[MatchQuestion, ...]:
    """
    What a person is asked where somebody says of themselves what others said, or nearly, and nothing contradicts it.

    Of several who may be one another, one is asked about, the likeliest: who they are follows from that answer and
    from those that were asked before. So a contact leads to one question as a rule, and to `_MOST_ASKED` at most.

    Args:
        contact: As it is recorded.
        people: Everybody concerned, by key.
        known: All that was known before of what is connected with the contact, with the answers among it.
        alike: Contacts that say something like it of whom they are about.
        elsewhere: All that is known of people to whom those lead and who are not among *people*.
    """
    if contact.person not in people:
        return ()
    ours = people[contact.person]
    parted = _parted([*known, *elsewhere])
    others: dict[str, list[RememberedContact]] = {}
    for one in elsewhere:
        others.setdefault(one.person, []).append(one)
    found = [
        theirs
        for key, theirs in (*people.items(), *others.items())
        if key != contact.person
        and any(one.contact_id in alike for one in theirs)
        and any(abs(one.occurred_at - contact.occurred_at) <= _ASKED_WITHIN for one in theirs)
        and is_likely(ours, theirs)
        and not _are_parted(ours, theirs, parted)
    ]
    found.sort(key=lambda theirs: (-(weight(ours, theirs) or 0), min(one.order for one in theirs)))
    asked: list[Sequence[RememberedContact]] = []
    for theirs in found:
        if not any(is_likely(theirs, one) and not _are_parted(theirs, one, parted) for one in asked):
            asked.append(theirs)
    questions_of = (_asked(ours, theirs, ()) for theirs in asked[:_MOST_ASKED])
    return tuple(question for question in questions_of if question is not None)


def _parted(known: Iterable[RememberedContact]) -> Collection[frozenset[str]]:
    said = {link for one in known for link in one.declared_links if link.kind == "unmerged"}
    return {frozenset((link.kept, link.other)) for link in said}


def _asked(
    ours: Sequence[RememberedContact], theirs: Sequence[RememberedContact], kinds: Collection[str]
) -> MatchQuestion | None:
    """Whether two people are one who share numbers of these kinds; None where one of them was never met."""
    anchors = [_anchor(ours), _anchor(theirs)]
    if None in anchors:
        return None
    agree, differ = _details(ours, theirs)
    one, other = sorted((anchor for anchor in anchors if anchor is not None), key=lambda anchor: anchor.contact_id)
    return MatchQuestion(
        match_id=match_id(one.contact_id, other.contact_id),
        people=(_told(one), _told(other)),
        shared=(
            *(kind for kind in get_args(IdentifierType) if kind in kinds),
            *(("reference",) if REFERENCE in kinds else ()),
        ),
        agree=agree,
        differ=differ,
        alike=tuple(detail for detail in written_otherwise(ours, theirs) if detail in agree),
    )


def _anchor(contacts: Sequence[RememberedContact]) -> RememberedContact | None:
    """The first of a person's contacts to arrive that is about somebody, by which the person is spoken of."""
    return min((one for one in contacts if not one.declared_links), key=lambda one: one.recorded, default=None)


def _are_parted(
    ours: Iterable[RememberedContact], theirs: Iterable[RememberedContact], parted: Collection[frozenset[str]]
) -> bool:
    names, others = _names(ours), _names(theirs)
    return any(pair & names and pair & others for pair in parted)


def _names(contacts: Iterable[RememberedContact]) -> frozenset[str]:
    """All that a declaration can call these contacts by."""
    return frozenset(name for one in contacts for name in (*one.numbers, f"{CONTACT}:{one.contact_id}"))


def _details(
    ours: Sequence[RememberedContact], theirs: Sequence[RememberedContact]
) -> tuple[tuple[Detail, ...], tuple[Detail, ...]]:
    found: dict[Detail, bool | None] = agreement(ours, theirs)
    return (
        tuple(detail for detail in DETAILS if found[detail] is True),
        tuple(detail for detail in DETAILS if found[detail] is False),
    )


def _told(one: RememberedContact) -> MatchedContact:
    return MatchedContact(contact_id=one.contact_id, source=one.source, type=one.type, occurred_at=one.occurred_at)
