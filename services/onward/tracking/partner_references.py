"""
How partners refer to people: sealed in the ledger and on our topics, opened only to write to the partner itself.

The domain handles sealed references and our own ids of contacts only. Here references are opened and ids become the
partner's own, as the last thing before a message leaves.
"""

from collections.abc import Iterable, Mapping

from onward.chassis.security import contact_ids
from onward.chassis.security.envelope import UnsealableError
from onward.chassis.security.sealing import open_text
from onward.contracts.base import Message
from onward.contracts.decision import Decision
from onward.contracts.outcome import Noted, Outgoing
from onward.contracts.referral import Question, StatusUpdate
from onward.tracking.domain.model import OpenedReferences
from onward.tracking.metrics import PARTNERS_NOT_TOLD


def open_all(sealed: Iterable[tuple[str, str]], keys: Mapping[str, bytes]) -> dict[str, str]:
    """The references that open, by their sealed form, from pairs of a person and a sealed reference."""
    opened: dict[str, str] = {}
    for person, reference in sealed:
        key = keys.get(person)
        if key is None or reference in opened:
            continue
        try:
            opened[reference] = open_text(key, person, reference)
        except UnsealableError:
            # Sealed under a key that was destroyed since; the person has come to notice again with a new one.
            continue
    return opened


_NOT_TOLD = Noted(PARTNERS_NOT_TOLD, ("key_destroyed",))


def answerable(decision: Decision, opened: OpenedReferences) -> tuple[Decision, tuple[Noted, ...]]:
    """
    The decision without the partners that could not be told, because the key to their reference was destroyed.

    Each of those is noted.

    Nobody is asked who cannot be asked, so that what is missing goes to a person on duty.
    """
    references = {source: reference for source, reference in decision.references.items() if reference in opened}
    if len(references) == len(decision.references):
        return decision, ()
    untold = (_NOT_TOLD,) * (len(decision.references) - len(references))
    return decision.model_copy(update={"references": references}), untold


def addressed(
    messages: Iterable[Outgoing[Message]], opened: OpenedReferences, *, pepper: bytes
) -> tuple[tuple[Outgoing[Message], ...], tuple[Noted, ...]]:
    """
    The messages, those to partners under their own references and ids, made with *pepper*.

    One whose reference cannot be opened is left out, and noted. A contact has another id for each partner, so that no
    two can join what they are told, and another in a question than in a status, so that only who was asked can answer.
    """
    ready: list[Outgoing[Message]] = []
    untold: list[Noted] = []
    for message in messages:
        body = message.body
        if not isinstance(body, StatusUpdate | Question):
            ready.append(message)
        elif (reference := opened.get(body.reference)) is not None:
            source = message.topic.partition(".")[2]
            of = contact_ids.asked if isinstance(body, Question) else contact_ids.status
            own = body.model_copy(update={"reference": reference, "contact_id": of(pepper, source, body.contact_id)})
            ready.append(Outgoing(message.topic, reference, own, message.event_type))
        else:
            untold.append(_NOT_TOLD)
    return tuple(ready), tuple(untold)
