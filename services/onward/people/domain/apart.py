"""
What may never be one person: by what partners declare, by their numbers, and by who they say they are.

Contacts under one number are one *record*, whatever names stand in it: aliases are common. Each contact belongs to one
record, that of its strongest number; records that a partner merged are one. Two records whose name, date of birth and
sex contradict each other are two people, and nothing but a merge makes them one: no link between records, no answer, no
reference, and no contact that states the numbers of both. So nothing that joins people needs to look at names again: it
asks whether what it would unite holds two records that contradict each other.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import combinations
from uuid import UUID

from onward.people.domain.contradiction import Particulars, contradict, nothing_differs, particulars_of, together
from onward.people.domain.groups import Groups, Node
from onward.people.domain.remembered import (
    CONTACT,
    JOINING,
    MATCH_DECIDED,
    REFERENCE,
    RememberedContact,
    contact_of,
    kind_of,
)

_OF_POLICE = frozenset({"PNC", "CRO"})
"""What a court is told of defendants, by whoever wrote the file; prisons and hospitals give their own numbers out."""
ONE_EACH = frozenset({"NOMS", "CRN", "NHS"})
"""A person has one of each. Of PNC and CRO numbers an alias may bring a second."""


class Apart:
    """What partners declared, and what may therefore, or by what was said, never be one person."""

    def __init__(self, remembered: Collection[RememberedContact]) -> None:
        """What is so of these contacts."""
        self.records = _records(remembered, _latest_declarations(remembered))
        """The number that a contact belongs to before all others; one without an identifier has none."""
        latest = _latest_declarations(remembered, self.records)
        self.parted = [pair for pair, kind in latest.items() if kind == "unmerged"]
        self.numbers_parted = frozenset(number for pair in self.parted for number in pair)
        self.overruled: list[tuple[str, str]] = []
        """Links that a newer one contradicts, or that would make one person of two."""
        # Which records were merged decides which links contradict each other.
        merged = {pair: kind for pair, kind in latest.items() if kind == "merged"}
        self._class: dict[str, str] = {}
        self._against: Mapping[Node, Collection[Node]] = {}
        self._record: dict[Node, Node] = {}
        self._class = self._classes(self._united(merged), merged)
        self._record.update(self._class)
        self._record |= {one: self._class.get(number, number) for one, number in self.records.items()}
        self._against = _contradicting(remembered, self._record)
        self.declared = self._united(latest)
        # Groups grow in place later: who is declared to be whom is written down now, once and for all.
        self._class = self._classes(self.declared, latest)

    def _united(self, declared: Mapping[tuple[str, str], str]) -> Groups:
        """
        The numbers that are declared to be one person's, less what contradicts newer words.

        Newest first: after merges B into A and A into Z, the parting of B from Z leaves A with Z. Merges before links,
        so that a link is held against all that it would unite.
        """
        groups, linked = Groups(), dict[tuple[str, str], str]()
        newest_first = list(declared.items())[::-1]
        for pair in [pair for pair, kind in newest_first if kind == "merged"]:
            if not self._holds_parted(groups.together(pair)):
                groups.unite(pair)
        for pair in [pair for pair, kind in newest_first if kind == "same"]:
            together = groups.together(pair)
            if self._holds_parted(together):
                continue
            ways = self._ways(pair)
            if any(linked.get(way, other) != other for way, other in ways.items()) or self.contradicts(together):
                self.overruled.append(pair)
            else:
                groups.unite(pair)
                linked |= ways
        return groups

    def _ways(self, pair: tuple[str, str]) -> dict[tuple[str, str], str]:
        """By number and kind, the one number of that kind that a link gives it: a prison number's probation case."""
        ways = {(one, kind_of(other)): self._class.get(other, other) for one, other in (pair, pair[::-1])}
        return {way: other for way, other in ways.items() if way[1] in ONE_EACH and way[1] != kind_of(way[0])}

    @staticmethod
    def _classes(groups: Groups, declared: Iterable[tuple[str, str]]) -> dict[str, str]:
        return {number: min(str(member) for member in groups.of(number)) for pair in declared for number in pair}

    def corrected(self, contact: RememberedContact) -> RememberedContact:
        """
        A contact as it is to be taken, which is nearly always as it was told.

        Of one that repeats a link which does not hold, the number that is somebody else's names nobody.
        """
        pairs = [pair for pair in self.overruled if pair[0] in contact.numbers and pair[1] in contact.numbers]
        gone = {number for pair in pairs for number in self._gone(pair, contact)}
        return contact.without_numbers(gone) if gone else contact

    def _gone(self, pair: tuple[str, str], contact: RememberedContact) -> tuple[str, ...]:
        """
        Those of two numbers that are declared to be somebody's who has another number of the other's kind.

        Where neither is, the contact keeps the number of its own record.
        """
        elsewhere = tuple(
            one
            for one, other in (pair, pair[::-1])
            if any(isinstance(node, str) and kind_of(node) == kind_of(other) for node in self.declared.of(one))
        )
        own = self.records.get(contact.contact_id)
        return elsewhere or ((pair[1] if own == pair[0] else pair[0]),)

    def is_consistent(self, by_number: Mapping[str, Collection[RememberedContact]]) -> bool:
        """
        Whether no number contradicts another, nor a link another.

        Two declared to be one are no licence here: what they excuse may be the numbers of somebody else altogether.
        """
        return not (
            self.parted
            or self.overruled
            or any(len(classes) > 1 for classes in self._counts({*by_number, *self._class}).values())
            or any(is_a_case(contacts) for number, contacts in by_number.items() if kind_of(number) == REFERENCE)
        )

    def contradicts(self, nodes: Collection[Node]) -> bool:
        """Whether these cannot all belong to one person."""
        return self.numbers_contradict(nodes) or self._records_contradict(nodes)

    def numbers_contradict(self, nodes: Collection[Node]) -> bool:
        """As `contradicts`, whoever they say they are."""
        if self._holds_parted(nodes):
            return True
        counts = self._counts(nodes)
        most = {kind: max(classes.values()) for kind, classes in counts.items()}
        # Two prison numbers declared to be one person's may each have brought a probation number of its own.
        return any(
            len(classes) > max((count for other, count in most.items() if other != kind), default=1)
            for kind, classes in counts.items()
        )

    def _records_contradict(self, nodes: Collection[Node]) -> bool:
        if not self._against:
            return False
        records = {self._record.get(node, node) for node in nodes}
        return any(not records.isdisjoint(self._against.get(one, ())) for one in records)

    def _counts(self, nodes: Collection[Node]) -> dict[str, dict[str, int]]:
        """Of each kind that a person has one of: every number, with how many are declared to be that one."""
        counts: dict[str, dict[str, int]] = {}
        for node in nodes:
            if isinstance(node, str) and (kind := kind_of(node)) in ONE_EACH:
                classes = counts.setdefault(kind, {})
                declared = self._class.get(node, node)
                classes[declared] = classes.get(declared, 0) + 1
        return counts

    def _holds_parted(self, nodes: Collection[Node]) -> bool:
        return any(one in nodes and other in nodes for one, other in self.parted)


def settled(remembered: Collection[RememberedContact]) -> tuple[Collection[RememberedContact], Apart]:
    """The contacts as they are to be taken once no link that does not hold is repeated by any, and what is apart."""
    while True:
        apart = Apart(remembered)
        corrected = [apart.corrected(one) for one in remembered] if apart.overruled else remembered
        # Whoever is corrected belongs to another record then, and says there who they are.
        if all(one is before for one, before in zip(corrected, remembered, strict=True)):
            return remembered, apart
        remembered = corrected


def is_a_case(contacts: Collection[RememberedContact], groups: Groups | None = None) -> bool:
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


def names_several(number: str, contacts: Collection[RememberedContact]) -> bool:
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


def _records(remembered: Collection[RememberedContact], declared: Mapping[tuple[str, str], str]) -> dict[UUID, str]:
    """
    The number to which each contact belongs before all others.

    The strongest that names one person, a number that was parted from another before all; but not one under which
    everybody else contradicts the contact, where a weaker one says who they are: it is a slip then.
    One without a number, of whom a person has decided who they are, is called by the contact itself; and the word on it
    belongs to the first of the two.
    """
    parted = {number for pair, kind in declared.items() if kind == "unmerged" for number in pair}
    by_number: dict[str, list[RememberedContact]] = {}
    for one in remembered:
        for number in one.numbers:
            if kind_of(number) in JOINING:
                by_number.setdefault(number, []).append(one)
    said = None if nothing_differs(particulars_of(remembered)) else _SaidUnder(by_number)
    contested = {number for number, contacts in by_number.items() if names_several(number, contacts)}
    found: dict[UUID, str] = {}
    for one in remembered:
        own = [number for number in one.numbers if number in by_number and number not in contested]
        own.sort(key=lambda number: (number not in parted, JOINING.index(kind_of(number))))
        if own:
            found[one.contact_id] = own[0] if len(own) == 1 or said is None else said.agreeing(one, own)
    for named in {number for pair in declared for number in pair if kind_of(number) == CONTACT}:
        found.setdefault(contact_of(named), named)
    decided = (one for one in remembered if one.type == MATCH_DECIDED)
    return found | {one.contact_id: _resolved(one.declared_links[0].kept, found) for one in decided}


def _resolved(number: str, records: Mapping[UUID, str]) -> str:
    """A number; for a mark of a contact, that of its record."""
    return records.get(contact_of(number), number) if kind_of(number) == CONTACT else number


class _SaidUnder:
    """Who the contacts under each number say they are; what many say is looked at once."""

    def __init__(self, by_number: Mapping[str, Iterable[RememberedContact]]) -> None:
        self._of = {
            number: Counter(particulars_of([one]) for one in contacts) for number, contacts in by_number.items()
        }

    def agreeing(self, contact: RememberedContact, numbers: Sequence[str]) -> str:
        """The first of a contact's numbers, unless only under a later one somebody else is who the contact says."""
        own = particulars_of([contact])
        for number in numbers:
            others = together(each for each, count in self._of[number].items() if count > (each == own))
            is_told = others.names or others.born
            if not contradict(own, others) and (number == numbers[0] or is_told):
                return number
        return numbers[0]


def _contradicting(
    remembered: Collection[RememberedContact], record: Mapping[Node, Node]
) -> Mapping[Node, Collection[Node]]:
    """Of each record those that contradict it; none at all where nothing differs, as nearly always."""
    if nothing_differs(particulars_of(remembered)):
        return {}
    contacts: dict[Node, list[RememberedContact]] = {}
    for one in remembered:
        contacts.setdefault(record.get(one.contact_id, one.contact_id), []).append(one)
    alike: dict[Particulars, list[Node]] = {}
    for of, theirs in contacts.items():
        alike.setdefault(particulars_of(theirs), []).append(of)
    against: dict[Node, set[Node]] = {}
    for ours, others in combinations(alike, 2):
        if contradict(ours, others):
            for node in alike[ours]:
                against.setdefault(node, set()).update(alike[others])
            for node in alike[others]:
                against.setdefault(node, set()).update(alike[ours])
    return against


def _latest_declarations(
    remembered: Collection[RememberedContact], records: Mapping[UUID, str] | None = None
) -> dict[tuple[str, str], str]:
    """What was declared last of each two numbers, oldest first; of contacts, as of the numbers of their *records*."""
    latest: dict[tuple[str, str], str] = {}
    for one in sorted((one for one in remembered if one.declared_links), key=lambda one: one.order):
        for link in one.declared_links:
            if link.kind == "moved":
                continue
            kept, other = (_resolved(number, records or {}) for number in (link.kept, link.other))
            if kept == other:
                continue
            pair = (min(kept, other), max(kept, other))
            latest.pop(pair, None)  # so that a repeated pair moves to the end
            latest[pair] = link.kind
    return latest
