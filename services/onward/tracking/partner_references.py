"""
How partners refer to people: sealed in the ledger and on our topics, opened only to write to the partner itself.

The domain handles sealed references and our own ids of contacts only. Here references are opened and ids become the
partner's own, as the last thing before a message leaves.
"""

from collections.abc import Iterable, Mapping

from onward.chassis.security import contact_ids
from onward.chassis.security.envelope import UnsealableError
from onward.chassis.security.sealing import ReferenceEnvelopes
from onward.contracts.base import Message
from onward.contracts.decision import Decision
from onward.contracts.outcome import Noted, Outgoing
from onward.contracts.referral import Question, StatusUpdate
from onward.tracking.domain.model import OpenedReferences, SealedReference
from onward.tracking.metrics import PARTNERS_NOT_TOLD


def open_all(sealed: Iterable[SealedReference], keys: Mapping[str, bytes]) -> dict[tuple[str, str], str]:
    """The references that open with these *keys* for references, by partner and sealed form."""
    opened: dict[tuple[str, str], str] = {}
    for person, source, reference in sealed:
        key = keys.get(person)
        if key is None or (source, reference) in opened:
            continue
        try:
            opened[source, reference] = ReferenceEnvelopes(key, person).open(source, reference)
        except UnsealableError:
            # Sealed under a key that was destroyed since, and the person has come to notice again with a new one; or
            # put here by somebody from another partner's place.
            continue
    return opened


_NOT_TOLD = Noted(PARTNERS_NOT_TOLD, ("key_destroyed",))


def answerable(decision: Decision, opened: OpenedReferences) -> tuple[Decision, tuple[Noted, ...]]:
    """
    The decision without the partners that could not be told, because the key to their reference was destroyed.

    Each of those is noted.

    Nobody is asked who cannot be asked, so that what is missing goes to a person on duty.
    """
    references = {
        source: reference for source, reference in decision.references.items() if (source, reference) in opened
    }
    if len(references) == len(decision.references):
        return decision, ()
    untold = (_NOT_TOLD,) * (len(decision.references) - len(references))
    return decision.model_copy(update={"references": references}), untold


def addressed(
    messages: Iterable[Outgoing[Message]], opened: OpenedReferences, *, id_key: bytes
) -> tuple[tuple[Outgoing[Message], ...], tuple[Noted, ...]]:
    """
    The messages, those to partners under their own references and ids, made with *id_key*.

    One whose reference cannot be opened is left out, and noted. A contact has another id for each partner, so that no
    two can join what they are told, and another in a question than in a status, so that only who was asked can answer.
    """
    ready: list[Outgoing[Message]] = []
    untold: list[Noted] = []
    for message in messages:
        body = message.body
        source = message.topic.partition(".")[2]
        if not isinstance(body, StatusUpdate | Question):
            ready.append(message)
        elif (reference := opened.get((source, body.reference))) is not None:
            of = contact_ids.asked if isinstance(body, Question) else contact_ids.status
            own = body.model_copy(update={"reference": reference, "contact_id": of(id_key, source, body.contact_id)})
            ready.append(Outgoing(message.topic, reference, own, message.event_type))
        else:
            untold.append(_NOT_TOLD)
    return tuple(ready), tuple(untold)
