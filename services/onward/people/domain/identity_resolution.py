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
   be the same, or two numbers that were parted. Where a number would do so, it joins none of those concerned, since
   nobody can say which of them is right; each keeps what its stronger numbers say.
4. An answer or a reference joins nobody whose name, date of birth or sex contradict each other (`contradiction`). A
   reference that stands on several people joins those that differ from the same others; what names nobody stays alone.
   So does a number that one message gives to people who contradict each other, as to two defendants of a hearing.
5. Who gave the same name, date of birth and telephone number is one person, unless anything known of them differs.
"""

from collections.abc import Collection, Iterable, Mapping
from itertools import combinations
from uuid import UUID

from onward.contracts.contact_types import ERASED
from onward.people.domain.contradiction import contradict, nothing_differs, particulars_of
from onward.people.domain.corrections import Corrections
from onward.people.domain.groups import Groups, Node
from onward.people.domain.remembered import JOINING, MATCH, REFERENCE, RememberedContact, kind_of

_OF_POLICE = frozenset({"PNC", "CRO"})
"""What a court is told of defendants, by whoever wrote the file; prisons and hospitals give their own numbers out."""
_ONE_EACH = frozenset({"NOMS", "CRN", "NHS"})
"""A person has one of each. Of PNC and CRO numbers an alias may bring a second."""


def persons(remembered: Collection[RememberedContact]) -> list[tuple[RememberedContact, ...]]:
    """
    The contacts of each person, in the order of events. *remembered* may hold more than is connected.

    Each contact is as it is to be taken: what a newer word took back of who it is about, or of what it said, is gone.
    """
    corrections = Corrections(remembered)
    remembered = corrections.applied(remembered)
    apart = _Apart(remembered)
    if apart.overruled:
        remembered = [apart.corrected(one) for one in remembered]
    groups = apart.declared
    by_number = _by_number(remembered)
    if apart.is_consistent(by_number) and _is_one_person(remembered):
        _join_all(groups, by_number)
        _join_answers(groups, remembered, apart)
    else:
        _join_by_strength(groups, by_number, apart, remembered)
    found: dict[int, list[RememberedContact]] = {}
    for one in sorted(remembered, key=lambda one: one.order):
        found.setdefault(id(groups.of(one.contact_id)), []).append(one)
    return [tuple(contacts) for contacts in found.values()]


def is_consistent(remembered: Collection[RememberedContact]) -> bool:
    """Whether nothing is declared and nothing contradicts, so that whatever is connected is one person."""
    if not _is_one_person(remembered):
        return False
    numbers: set[str] = set()
    referred: list[tuple[object, ...]] = []
    forces: dict[str, str] = {}
    for one in remembered:
        if one.declared_links or one.type == ERASED:
            return False
        numbers.update(one.numbers)
        if one.numbers and kind_of(one.numbers[-1]) == REFERENCE:
            referred.append((one.numbers[-1], one.occurred_at, one.received_at, one.type))
            if one.force and forces.setdefault(one.numbers[-1], one.force) != one.force:
                return False
    kinds = [kind for number in numbers if (kind := kind_of(number)) in _ONE_EACH]
    return len(kinds) == len(set(kinds)) and len(referred) == len(set(referred))


def _is_one_person(remembered: Collection[RememberedContact]) -> bool:
    """Whether all that is said of name, date of birth and sex, and can still be read, could be of one person."""
    if any(one.unreadable for one in remembered):
        return False
    return nothing_differs(particulars_of(remembered, of_incident=True))


class _Apart:
    """What partners declared, and what may therefore never be one person."""

    def __init__(self, remembered: Collection[RememberedContact]) -> None:
        latest = _latest_declarations(remembered)
        self.parted = [pair for pair, kind in latest.items() if kind == "unmerged"]
        self.numbers_parted = frozenset(number for pair in self.parted for number in pair)
        self.overruled: list[tuple[str, str]] = []
        """Links that a newer one contradicts."""
        # Which records were merged decides which links contradict each other.
        merged = {pair: kind for pair, kind in latest.items() if kind == "merged"}
        self._class: dict[str, str] = {}
        self._class = self._classes(self._united(merged), merged)
        self.declared = self._united(latest)
        # Groups grow in place later: who is declared to be whom is written down now, once and for all.
        self._class = self._classes(self.declared, latest)

    def _united(self, declared: Mapping[tuple[str, str], str]) -> Groups:
        """
        The numbers that are declared to be one person's, less what contradicts newer words.

        Newest first: after merges B into A and A into Z, the parting of B from Z leaves A with Z.
        """
        groups = Groups()
        for pair, kind in reversed(list(declared.items())):
            together = groups.together(pair)
            if kind == "unmerged" or self._holds_parted(together):
                continue
            if kind == "same" and self.contradicts(together):
                self.overruled.append(pair)
            else:
                groups.unite(pair)
        return groups

    @staticmethod
    def _classes(groups: Groups, declared: Iterable[tuple[str, str]]) -> dict[str, str]:
        return {number: min(str(member) for member in groups.of(number)) for pair in declared for number in pair}

    def corrected(self, contact: RememberedContact) -> RememberedContact:
        """
        A contact as it is to be taken, which is nearly always as it was told.

        Of one that repeats a link which a newer one contradicts, the number that went elsewhere names nobody.
        """
        pairs = (pair for pair in self.overruled if pair[0] in contact.numbers and pair[1] in contact.numbers)
        gone = {number for pair in pairs for number in self._gone(pair)}
        return contact.without_numbers(gone) if gone else contact

    def _gone(self, pair: tuple[str, str]) -> tuple[str, ...]:
        """Those of two numbers that are declared to be somebody's who has another number of the other's kind."""
        return tuple(
            one
            for one, other in (pair, pair[::-1])
            if any(isinstance(node, str) and kind_of(node) == kind_of(other) for node in self.declared.of(one))
        )

    def is_consistent(self, by_number: Mapping[str, Collection[RememberedContact]]) -> bool:
        """
        Whether nothing contradicts anything, so that all that is connected is one person.

        Two declared to be one are no licence here: what they excuse may be the numbers of somebody else altogether.
        """
        return not (
            self.parted
            or any(len(classes) > 1 for classes in self._counts({*by_number, *self._class}).values())
            or any(_is_a_case(contacts) for number, contacts in by_number.items() if kind_of(number) == REFERENCE)
        )

    def contradicts(self, nodes: Collection[Node]) -> bool:
        """Whether these cannot all belong to one person."""
        if self._holds_parted(nodes):
            return True
        counts = self._counts(nodes)
        # Two prison numbers declared to be one person's may each have brought a probation number of its own.
        allowed = max((count for classes in counts.values() for count in classes.values()), default=1)
        return any(len(classes) > allowed for classes in counts.values())

    def _counts(self, nodes: Collection[Node]) -> dict[str, dict[str, int]]:
        """Of each kind that a person has one of: every number, with how many are declared to be that one."""
        counts: dict[str, dict[str, int]] = {}
        for node in nodes:
            if isinstance(node, str) and (kind := kind_of(node)) in _ONE_EACH:
                classes = counts.setdefault(kind, {})
                declared = self._class.get(node, node)
                classes[declared] = classes.get(declared, 0) + 1
        return counts

    def _holds_parted(self, nodes: Collection[Node]) -> bool:
        return any(one in nodes and other in nodes for one, other in self.parted)


def _join_all(groups: Groups, by_number: Mapping[str, Collection[RememberedContact]]) -> None:
    for number, contacts in by_number.items():
        groups.unite((number, *(one.contact_id for one in contacts)))


def _join_by_strength(
    groups: Groups,
    by_number: Mapping[str, Collection[RememberedContact]],
    apart: _Apart,
    remembered: Collection[RememberedContact],
) -> None:
    contested = {number: contacts for number, contacts in by_number.items() if _names_several(number, contacts)}
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
    apart: _Apart,
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


def _names_several(number: str, contacts: Collection[RememberedContact]) -> bool:
    """Whether one message gives a police number to people who contradict each other, such as two defendants."""
    if len(contacts) == 1 or kind_of(number) not in _OF_POLICE:
        return False
    told: dict[object, list[RememberedContact]] = {}
    for one in contacts:
        told.setdefault((one.source, one.occurred_at, one.received_at, one.type), []).append(one)
    return any(
        contradict(particulars_of([one]), particulars_of([other]))
        for together in told.values()
        for one, other in combinations(together, 2)
    )


def _join_level(groups: Groups, level: Mapping[str, Collection[RememberedContact]], apart: _Apart) -> None:
    """Join by numbers of one strength: whatever hangs together is joined whole, unless it contradicts itself."""
    alone = {one.contact_id for contacts in level.values() for one in contacts if groups.alone(one.contact_id)}
    nodes: dict[str, tuple[Node, ...]] = {
        number: (number, *(one.contact_id for one in contacts)) for number, contacts in level.items()
    }
    sound = [number for number in level if not apart.contradicts(groups.together(nodes[number]))]
    trial = groups.copy()
    for number in sound:
        trial.unite(nodes[number])
    joined = [number for number in sound if not apart.contradicts(trial.of(number))]
    for number in joined:
        groups.unite(nodes[number])
    for number in level.keys() - set(joined):
        # Contacts that nothing stronger names are at least each other's.
        groups.unite((number, *(node for node in nodes[number][1:] if node in alone)))


def _join_references(
    groups: Groups,
    references: Mapping[str, Collection[RememberedContact]],
    apart: _Apart,
    remembered: Mapping[UUID, RememberedContact],
) -> None:
    """Join by partners' references: whatever hangs together is joined whole, unless it contradicts itself."""
    sound: list[tuple[Node, ...]] = []
    for number, contacts in references.items():
        nodes: tuple[Node, ...] = tuple(one.contact_id for one in contacts)
        is_a_case = kind_of(number) == REFERENCE and _is_a_case(contacts, groups)
        # A number that contradicts another says that the reference covers two people, and not which it is of.
        if not is_a_case and not apart.contradicts(groups.together(nodes)):
            sound += _classes([groups.of(node) for node in nodes], remembered)
    trial = groups.copy()
    for one in sound:
        trial.unite(one)
    for one in [one for one in sound if not _is_at_odds(trial.of(one[0]), groups, apart, remembered)]:
        groups.unite(one)


def _is_at_odds(
    together: Collection[Node], groups: Groups, apart: _Apart, remembered: Mapping[UUID, RememberedContact]
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


def _is_a_case(contacts: Collection[RememberedContact], groups: Groups | None = None) -> bool:
    """
    Whether a reference is a case's rather than a person's: one message told of several people under it.

    A hearing tells of each of its defendants at the same moment, in the same words, as another contact. Two such that
    stronger numbers have put into one of the *groups* are one person all the same.
    """
    if len(contacts) == 1:
        return False
    heard: dict[object, set[object]] = {}
    for one in contacts:
        who = id(groups.of(one.contact_id)) if groups else one.contact_id
        heard.setdefault((one.occurred_at, one.received_at, one.type), set()).add(who)
    return any(len(people) > 1 for people in heard.values())


def _join_answers(groups: Groups, remembered: Iterable[RememberedContact], apart: _Apart) -> None:
    known: dict[Node, RememberedContact] = {one.contact_id: one for one in remembered}
    for one in sorted(remembered, key=lambda one: one.order):
        if one.in_reply_to in known and one.in_reply_to is not None:
            pair = (one.contact_id, one.in_reply_to)
            ours, theirs = (particulars_of(known[each] for each in groups.of(node) if each in known) for node in pair)
            if not apart.contradicts(groups.together(pair)) and not contradict(ours, theirs):
                groups.unite(pair)


def _latest_declarations(remembered: Collection[RememberedContact]) -> dict[tuple[str, str], str]:
    """What was declared last of each two numbers, oldest first."""
    latest: dict[tuple[str, str], str] = {}
    for one in sorted((one for one in remembered if one.declared_links), key=lambda one: one.order):
        for link in one.declared_links:
            if link.kind == "moved":
                continue
            pair = (min(link.kept, link.other), max(link.kept, link.other))
            latest.pop(pair, None)  # so that a repeated pair moves to the end
            latest[pair] = link.kind
    return latest


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
