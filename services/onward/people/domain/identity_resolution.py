"""
Which contacts are about one person. A wrong join mixes two people, which is worse than a join that is missed.

The answer is a function of *what was said*, never of the order in which it arrived:

1. What partners declare goes first: two numbers are one person's (`same`, `merged`) or not (`unmerged`). Of several
   declarations about the same two numbers, the one of the latest event counts. Of links that contradict each other, as
   one prison number on two probation cases, the newest holds: an older one joins nobody, nor does what repeats it.
2. Then numbers join contacts, strongest type first (NOMS, CRN, PNC, CRO, NHS); then answers join the contact that was
   asked about; then a partner's own reference joins contacts. It is one partner's and one force's: of several forces
   each has a case of its own under it.
3. Nothing is joined that would contradict itself: two NOMS, CRN or NHS numbers for one person that nobody declared to
   be the same, two numbers that were parted, or two records of people who contradict each other (`apart`). Where a
   number would do so, it joins none of those concerned, since nobody can say which of them is right; each keeps what
   its stronger numbers say.
4. An answer or a reference joins nobody whose name, date of birth or sex contradict each other (`contradiction`). A
   reference that stands on several people joins those that differ from the same others; what names nobody stays alone.
   So does a number that one message gives to people who contradict each other, as to two defendants of a hearing.
5. Who gave the same name, date of birth and telephone number is one person, unless anything known of them differs.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import combinations
from uuid import UUID

from onward.people.domain.apart import Apart, is_a_case, names_several, settled
from onward.people.domain.consistency import Consistency
from onward.people.domain.contradiction import contradict, nothing_differs, particulars_of
from onward.people.domain.corrections import Corrections
from onward.people.domain.folds import NONE, Folds
from onward.people.domain.groups import Groups, Node
from onward.people.domain.remembered import JOINING, MATCH, REFERENCE, RememberedContact, kind_of


def persons(remembered: Collection[RememberedContact]) -> list[tuple[RememberedContact, ...]]:
    """
    The contacts of each person, in the order of events. *remembered* may hold more than is connected.

    Each contact is as it is to be taken: what a newer word took back of who it is about, or of what it said, is gone.
    """
    remembered, apart = settled(Corrections(remembered).applied(remembered))
    groups = apart.declared
    by_number = _by_number(remembered)
    # Contacts of one record are at least each other's, whatever else becomes of its number.
    for contact, number in apart.records.items():
        groups.unite((number, contact))
    if apart.is_consistent(by_number) and _is_one_person(remembered):
        _join_all(groups, by_number)
        _join_answers(groups, remembered, apart)
    else:
        _join_by_strength(groups, by_number, apart, remembered)
    found: dict[int, list[RememberedContact]] = {}
    for one in sorted(remembered, key=lambda one: one.order):
        found.setdefault(id(groups.of(one.contact_id)), []).append(one)
    return [tuple(contacts) for contacts in found.values()]


def is_consistent(remembered: Sequence[RememberedContact], folds: Folds = NONE) -> bool:
    """
    Whether nothing is declared and nothing contradicts, so that whatever is connected is one person.

    In the order of arrival, so that *folds* has all but the last already.
    """
    found = folds.upto("consistent", "", remembered[:-1], Consistency)
    found.take(remembered[-1])
    return found.holds()


def _is_one_person(remembered: Collection[RememberedContact]) -> bool:
    """Whether all that is said of name, date of birth and sex, and can still be read, could be of one person."""
    if any(one.unreadable for one in remembered):
        return False
    return nothing_differs(particulars_of(remembered, of_incident=True))


def _join_all(groups: Groups, by_number: Mapping[str, Collection[RememberedContact]]) -> None:
    for number, contacts in by_number.items():
        groups.unite((number, *(one.contact_id for one in contacts)))


def _join_by_strength(
    groups: Groups,
    by_number: Mapping[str, Collection[RememberedContact]],
    apart: Apart,
    remembered: Collection[RememberedContact],
) -> None:
    contested = {number: contacts for number, contacts in by_number.items() if names_several(number, contacts)}
    sound = {number: contacts for number, contacts in by_number.items() if number not in contested}
    # What was parted by name holds its own contacts first, whatever stronger number they have in common.
    _join_level(groups, {number: sound[number] for number in sound if number in apart.numbers_parted}, apart)
    for kind in JOINING:
        _join_level(groups, {number: sound[number] for number in sound if kind_of(number) == kind}, apart)
    _join_answers(groups, remembered, apart)
    references = {number: contacts for number, contacts in sound.items() if kind_of(number) == REFERENCE}
    known = {one.contact_id: one for one in remembered}
    _join_references(groups, references | contested, apart, known)
    _join_matches(groups, [contacts for number, contacts in sound.items() if kind_of(number) == MATCH], apart, known)


def _join_matches(
    groups: Groups,
    matches: Iterable[Collection[RememberedContact]],
    apart: Apart,
    remembered: Mapping[UUID, RememberedContact],
) -> None:
    """Join those who gave one name, birthday and telephone number, where nothing at all that is known differs."""

    def agree(nodes: Collection[Node]) -> bool:
        theirs = [remembered[node] for node in nodes if isinstance(node, UUID) and node in remembered]
        return not apart.contradicts(nodes) and _is_one_person(theirs)

    alike = [[one.contact_id for one in contacts] for contacts in matches]
    sound = [nodes for nodes in alike if agree(groups.together(nodes))]
    trial = groups.copy()
    for nodes in sound:
        trial.unite(nodes)
    for nodes in [nodes for nodes in sound if agree(trial.of(nodes[0]))]:
        groups.unite(nodes)


def _join_level(groups: Groups, level: Mapping[str, Collection[RememberedContact]], apart: Apart) -> None:
    """Join by numbers of one strength: whatever hangs together is joined whole, unless it contradicts itself."""
    nodes: dict[str, tuple[Node, ...]] = {
        number: (number, *(one.contact_id for one in contacts)) for number, contacts in level.items()
    }
    sound = [number for number in level if not apart.contradicts(groups.together(nodes[number]))]
    trial = groups.copy()
    for number in sound:
        trial.unite(nodes[number])
    for number in [number for number in sound if not apart.contradicts(trial.of(number))]:
        groups.unite(nodes[number])


def _join_references(
    groups: Groups,
    references: Mapping[str, Collection[RememberedContact]],
    apart: Apart,
    remembered: Mapping[UUID, RememberedContact],
) -> None:
    """Join by partners' references: whatever hangs together is joined whole, unless it contradicts itself."""
    sound: list[tuple[Node, ...]] = []
    for number, contacts in references.items():
        nodes: tuple[Node, ...] = tuple(one.contact_id for one in contacts)
        if len({id(groups.of(node)) for node in nodes}) == 1:
            continue  # nearly always: a stronger number has joined them, and what follows looks at all they said
        of_a_case = kind_of(number) == REFERENCE and is_a_case(contacts, groups)
        # A number that contradicts another says that the reference covers two people, and not which it is of.
        if not of_a_case and not apart.numbers_contradict(groups.together(nodes)):
            classes = _classes([groups.of(node) for node in nodes], remembered)
            sound += [one for one in classes if not apart.contradicts(groups.together(one))]
    trial = groups.copy()
    for one in sound:
        trial.unite(one)
    for one in [one for one in sound if not _is_at_odds(trial.of(one[0]), groups, apart, remembered)]:
        groups.unite(one)


def _is_at_odds(
    together: Collection[Node], groups: Groups, apart: Apart, remembered: Mapping[UUID, RememberedContact]
) -> bool:
    """Whether several references bring people together who cannot be one, though each by itself does not."""
    people = {id(group): group for group in map(groups.of, together)}.values()
    return apart.contradicts(together) or len(_classes(people, remembered)) > 1


def _classes(
    people: Iterable[Collection[Node]], remembered: Mapping[UUID, RememberedContact]
) -> list[tuple[Node, ...]]:
    """
    Those of *people* under one reference who may be one person, each class by its contacts.

    Whoever contradicts the same others belongs together. Where some contradict, who contradicts nobody could be either,
    and is alone. Whose identity was destroyed is whom they were taken for before, and nobody else.
    """
    contacts = {
        id(nodes): [remembered[node] for node in nodes if isinstance(node, UUID) and node in remembered]
        for nodes in people
    }
    particulars = {one: particulars_of(theirs, of_incident=True) for one, theirs in contacts.items()}
    against: dict[int, set[int]] = {one: set() for one in particulars}
    for one, other in combinations(particulars, 2):
        if contradict(particulars[one], particulars[other]):
            against[one].add(other)
            against[other].add(one)
    disputed = any(against.values())
    classes: dict[object, list[Node]] = {}
    for one, theirs in contacts.items():
        forgotten = min((each.person for each in theirs if each.unreadable), default=None)
        known = particulars[one].names or particulars[one].born
        key: object = frozenset(against[one])
        if forgotten is not None and not known:
            key = forgotten
        elif disputed and not against[one]:
            key = one
        classes.setdefault(key, []).extend(each.contact_id for each in theirs)
    return [tuple(nodes) for nodes in classes.values() if nodes]


def _join_answers(groups: Groups, remembered: Iterable[RememberedContact], apart: Apart) -> None:
    known: dict[Node, RememberedContact] = {one.contact_id: one for one in remembered}
    for one in sorted(remembered, key=lambda one: one.order):
        if one.in_reply_to in known and one.in_reply_to is not None:
            pair = (one.contact_id, one.in_reply_to)
            ours, theirs = (particulars_of(known[each] for each in groups.of(node) if each in known) for node in pair)
            if not apart.contradicts(groups.together(pair)) and not contradict(ours, theirs):
                groups.unite(pair)


def _by_number(remembered: Iterable[RememberedContact]) -> dict[str, list[RememberedContact]]:
    """The contacts on which each number stands; a reference that several forces use, for each of them."""
    by_number: dict[str, list[RememberedContact]] = {}
    forces: dict[str, set[str]] = {}
    for one in remembered:
        for number in one.numbers:
            by_number.setdefault(number, []).append(one)
            if one.force and kind_of(number) == REFERENCE:
                forces.setdefault(number, set()).add(one.force)
    for number, of_forces in forces.items():
        if len(of_forces) > 1:
            for one in by_number.pop(number):
                by_number.setdefault(f"{number}/{one.force}", []).append(one)
    return by_number
