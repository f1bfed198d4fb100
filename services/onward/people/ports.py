"""What the shell needs of a store: the chassis' own protocol, over contacts and this service's unit of work."""

from typing import TypeAlias

from onward.chassis.processing.hop import Store
from onward.contracts.contact import Contact
from onward.people.unit import Unit

People: TypeAlias = Store[Contact, Unit]
"""Remembers what contacts said. `load` gives all that is connected with a batch; `save` keeps what it changed."""
