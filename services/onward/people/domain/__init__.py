"""Who a contact is about, and what was known of them when it happened. Values in, values out."""

from onward.people.domain.join import Joined, Known, Rekeyed, add, join, known_from_facts, person_key
from onward.people.domain.said import Declared, Said, said_in
from onward.people.domain.view import Draft
from onward.people.domain.who import persons

__all__ = [
    "Declared",
    "Draft",
    "Joined",
    "Known",
    "Rekeyed",
    "Said",
    "add",
    "join",
    "known_from_facts",
    "person_key",
    "persons",
    "said_in",
]
