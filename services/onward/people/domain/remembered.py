"""What one contact said, as `people` remembers it: the one thing it stores, from which all else is worked out."""

import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Literal
from uuid import UUID

from onward.contracts.contact import Consent, Contact, Identity, StandingEntry
from onward.contracts.facts import FACTS_ADAPTER, Facts
from onward.contracts.identifiers import STRENGTH, Identifier
from onward.contracts.ids import pseudonym
from onward.people.domain.groups import Node

REFERENCE = "REF"
"""Marks a partner's own reference among the numbers; the other marks are identifier types."""

MATCH = "MATCH"
"""Marks the name, date of birth and telephone number that somebody gave, taken together."""

CONTACT = "CONTACT"
"""Marks a contact in a person's word on whether two people are one."""

MATCH_DECIDED = "match.decided"
"""The type of such a word. No partner tells it, and no situation comes of it by itself."""

JOINING = tuple(kind for kind in STRENGTH if kind != "ASN")
"""The identifiers that name a person, strongest first. An arrest summons number names an arrest: it joins nobody."""


_SHORTEST_PHONE = 9
"""Digits below which nobody's telephone number is whole."""

GIVEN_FACTS = "facts"
"""The source of facts that somebody gives for a trial: they are known, but nobody came to notice by them."""

NOBODY = Identity()
"""The identity of which nothing is known: this one object, so that looking for it costs nothing."""


_RANKS = {"unknown": 0, "released": 0, "deported": 2, "died": 3}
"""Of movements through the prison gate; every other one leaves the person in somebody's hands."""


@dataclass(frozen=True, slots=True)
class DeclaredLink:
    """A partner said that two numbers are one person's, or are not, or that a booking belongs to another number."""

    kind: Literal["same", "merged", "unmerged", "moved"]
    kept: str
    other: str
    since: datetime | None = None
    """When a booking that was moved began."""


@dataclass(frozen=True, slots=True)
class RememberedEntry:
    """An entry in a register that a contact makes, changes or ends; its id is a pseudonym, or blank."""

    kind: Literal["registration", "booking"]
    code: str
    named: str
    stage: Literal["made", "changed", "ended"]


@dataclass(frozen=True, slots=True)
class RememberedContact:
    """
    One contact, remembered. Never changed, but for `person` and `gave` (re-keyed) and `revision` (sent round again).

    Numbers are kept as marked pseudonyms, such as `NOMS:5f…`; the identity is in the clear in memory only.
    """

    contact_id: UUID
    recorded: int
    """Place in the order of arrival; the first of a person's contacts gives the person's key."""
    person: str
    source: str
    type: str
    reference: str
    occurred_at: datetime
    received_at: datetime
    in_reply_to: UUID | None
    numbers: tuple[str, ...]
    """
    What this contact is known by, at most one of each identifier type; a partner's reference comes last.

    First of all stands, where somebody told all three, the pseudonym of name, birthday and telephone number (`MATCH`).
    """
    declared_links: tuple[DeclaredLink, ...]
    facts: Facts
    """In their JSON form."""
    consents: tuple[Consent, ...]
    identity: Identity
    unreadable: bool = False
    """Its identity cannot be opened any more: its person's key was destroyed. So nobody can say what contradicts it."""
    entries: tuple[RememberedEntry, ...] = ()
    withdrawn: tuple[str, ...] = ()
    """Paths of facts that hold no longer from this contact on."""
    force: str = ""
    """The police force whose number the reference is; blank where nobody said."""
    digests: tuple[str, ...] = ()
    """Of what its partner wrote and of what that says; none where its id follows from the content."""
    is_moved: bool = False
    """Whether a later event says that it was about another number's person. Worked out, never stored."""
    revision: int = 1
    gave_key: str = ""
    """The key it gave its person, being the first of their contacts; still theirs when an older one took its place."""
    order: tuple[datetime, int, UUID] = field(init=False, repr=False, compare=False)
    """Place in the order of events, the same however the contacts arrived: when, then `rank`, then the id."""

    def __post_init__(self) -> None:
        # Once: whoever has hundreds of contacts has them put in order again with every new one.
        object.__setattr__(self, "order", (self.occurred_at, self._rank(), self.contact_id))

    @property
    def rank(self) -> int:
        """
        Place among what happened in one instant: last comes what it would do the most harm to overlook.

        Of a release and a reception the person is in prison, of a release and a death dead; of a merge and a parting
        the records are two people's.
        """
        return self.order[1]

    def _rank(self) -> int:
        if self.declared_links:
            return int(any(link.kind == "unmerged" for link in self.declared_links))
        movement = self.facts.get("event.movement")
        return 0 if movement is None else _RANKS.get(movement, 1)

    def says_what(self, other: "RememberedContact") -> bool:
        """
        Whether a contact with the same id is the same message, as far as anybody can tell.

        Written alike, it is, whatever a later release reads in it; understood alike too, such as one that was only sent
        at another time.
        """
        known = self.digests and other.digests
        return not known or not set(self.digests).isdisjoint(other.digests)

    @property
    def sex(self) -> str | None:
        """As the contact said."""
        stated: str | None = self.facts.get("person.sex")
        return stated

    def without_numbers(self, gone: Collection[str]) -> "RememberedContact":
        """As if it had not told these of its numbers, nor anything that it calls its person by because of them."""
        kinds = {kind_of(number) for number in gone}
        dropped = {identifier.value for identifier in self.identity.identifiers if identifier.type in kinds}
        kept = tuple(identifier for identifier in self.identity.identifiers if identifier.type not in kinds)
        identity = self.identity.model_copy(update={"identifiers": kept})
        return replace(
            self,
            numbers=tuple(number for number in self.numbers if number not in gone),
            identity=NOBODY if identity == NOBODY else identity,
            reference="" if self.reference in dropped else self.reference,
        )

    def moved(self, link: DeclaredLink) -> "RememberedContact":
        """As if it had been told of the number to which its booking was moved; its person's key stays behind."""
        freed = self.without_numbers((link.other,))
        return replace(freed, numbers=(link.kept, *freed.numbers), gave_key="", is_moved=True)

    def erased(self) -> "RememberedContact":
        """What is left of it once its record was deleted at the source: that it was, and by which number."""
        return replace(
            self,
            facts={},
            consents=(),
            entries=(),
            withdrawn=(),
            declared_links=(),
            identity=NOBODY,
            reference="",
            force="",
            digests=(),
            numbers=tuple(number for number in self.numbers if kind_of(number) != MATCH),
        )

    @property
    def connected(self) -> tuple[str, ...]:
        """Every number it mentions, its links included: contacts that share one must be looked at together."""
        if not self.declared_links:
            return self.numbers
        linked = (number for link in self.declared_links for number in (link.kept, link.other))
        return tuple(dict.fromkeys((*self.numbers, *linked)))


def nodes_of(contact: RememberedContact) -> tuple[Node, ...]:
    """All that connects a contact with others: its numbers, itself, and the contact it answers."""
    answered = () if contact.in_reply_to is None else (contact.in_reply_to,)
    named = (_node(number) for number in contact.connected)
    return (*named, contact.contact_id, *answered)


def _node(number: str) -> Node:
    """What a number connects by: one that marks a contact is that contact."""
    return contact_of(number) if kind_of(number) == CONTACT else number


def contact_of(number: str) -> UUID:
    """The contact that a mark of one names."""
    return UUID(number.partition(":")[2])


def kind_of(number: str) -> str:
    """The mark of a number: an identifier type, or `REF`."""
    return number.partition(":")[0]


def remember(contact: Contact, *, recorded: int, pepper: bytes, too_common: Collection[str] = ()) -> RememberedContact:
    """
    Remember a contact; its person is not known yet.

    Args:
        contact: What happened.
        recorded: Its place in the order of arrival, above that of every contact taken before.
        pepper: The secret that pseudonyms are made with.
        too_common: References that stand on so many contacts that they tell nobody apart; not used.
    """
    identity = _own_identity(contact)
    return RememberedContact(
        contact_id=contact.contact_id,
        recorded=recorded,
        person="",
        source=contact.source,
        type=contact.type,
        reference=contact.reference,
        # One way to write an instant, so that what is read back from a store is written the same.
        occurred_at=contact.occurred_at.astimezone(UTC),
        received_at=contact.received_at.astimezone(UTC),
        in_reply_to=contact.in_reply_to,
        numbers=tuple(
            number
            for number in (*_match(identity, pepper), *_numbers(contact, identity, pepper))
            if number not in too_common
        ),
        declared_links=tuple(
            DeclaredLink(link.kind, _number(link.kept, pepper), _number(link.other, pepper), link.since)
            for link in contact.links
            if link.kept.type in JOINING and link.other.type in JOINING and link.kept != link.other
        ),
        facts=FACTS_ADAPTER.dump_python(contact.facts, mode="json"),
        consents=contact.consents,
        identity=identity,
        entries=tuple(
            RememberedEntry(one.kind, one.code, _entry_id(contact.source, one, pepper), one.stage)
            for one in contact.entries
        ),
        withdrawn=contact.withdrawn,
        force=contact.force,
        digests=_digests(contact, pepper),
    )


def _entry_id(source: str, entry: StandingEntry, pepper: bytes) -> str:
    return pseudonym(pepper, "entry", source, entry.kind, entry.code, entry.named) if entry.named else ""


def _digests(contact: Contact, pepper: bytes) -> tuple[str, ...]:
    """Under the pepper, so that nobody who reads them can try out what was said."""
    if not contact.content:
        return ()
    understood = contact.model_dump_json(exclude={"contact_id", "received_at", "content", "event_id"})
    return (pseudonym(pepper, "written", contact.content), pseudonym(pepper, "understood", understood))


def in_order(identifiers: Iterable[Identifier]) -> tuple[Identifier, ...]:
    """Identifiers strongest type first."""
    return tuple(sorted(identifiers, key=lambda identifier: (STRENGTH.index(identifier.type), identifier.value)))


def _own_identity(contact: Contact) -> Identity:
    """The identity without the numbers that a merge or a parting is *from*: those are not this person's any more."""
    replaced = [link.other for link in contact.links if link.kind != "same"]
    kept = in_order(identifier for identifier in contact.identifiers if identifier not in replaced)
    return (
        contact.identity if kept == contact.identifiers else contact.identity.model_copy(update={"identifiers": kept})
    )


def _numbers(contact: Contact, identity: Identity, pepper: bytes) -> Sequence[str]:
    of_type: dict[str, Identifier] = {}
    # The side of a link that is kept is the one the contact is about; a second number of a type never joins by itself.
    for identifier in (*(link.kept for link in contact.links), *identity.identifiers):
        if identifier.type in JOINING:
            of_type.setdefault(identifier.type, identifier)
    numbers = [_number(of_type[kind], pepper) for kind in JOINING if kind in of_type]
    # A link is about two records, not about a case, whatever reference its message carries. A partner that refers to
    # people by one of these very numbers says nothing more by it.
    if contact.reference and not contact.links and all(one.value != contact.reference for one in identity.identifiers):
        numbers.append(name_of_reference(pepper, contact.source, contact.reference))
    return numbers


def _match(identity: Identity, pepper: bytes) -> tuple[str, ...]:
    """The name, date of birth and telephone number together, where all three are known and the name has two parts."""
    parts, phone = name_parts(identity.name or ""), whole_phone(identity)
    if len(parts) < 2 or identity.date_of_birth is None or not phone:
        return ()
    return (f"{MATCH}:{pseudonym(pepper, 'match', *sorted(parts), identity.date_of_birth.isoformat(), phone)}",)


def name_parts(name: str) -> tuple[str, ...]:
    """The parts of a name, each once, in lower case and without accents."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    kept = (one if one.isalnum() else " " if one.isspace() or one in "-.," else "" for one in plain)
    return tuple(dict.fromkeys("".join(kept).split()))


def whole_phone(identity: Identity) -> str:
    """Somebody's telephone number by its digits; blank where none is known, or not all of it."""
    digits = phone_digits(identity.phone or "")
    return digits if len(digits) >= _SHORTEST_PHONE else ""


def phone_digits(phone: str) -> str:
    """A telephone number by its digits, as it is dialled in this country."""
    digits = "".join(one for one in phone if one.isascii() and one.isdigit())
    for abroad in ("0044", "44"):
        if digits.startswith(abroad):
            return "0" + digits.removeprefix(abroad).removeprefix("0")
    return digits


def _number(identifier: Identifier, pepper: bytes) -> str:
    return name_of_identifier(pepper, identifier)


def name_of_identifier(pepper: bytes, identifier: Identifier) -> str:
    """An identifier by its marked pseudonym."""
    return f"{identifier.type}:{pseudonym(pepper, 'identifier', identifier.type, identifier.value)}"


def name_of_reference(pepper: bytes, source: str, reference: str) -> str:
    """A partner's own reference by its marked pseudonym."""
    return f"{REFERENCE}:{pseudonym(pepper, 'reference', source, reference)}"
