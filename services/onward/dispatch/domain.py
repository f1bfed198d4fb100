"""What a provider may see of a referral: values in, values out.

Default deny. A field goes out only if the provider's profile names it, it is known, and no class of data that the
profile forbids covers it. Everything else stays, whatever it is called.
"""

from collections.abc import Collection, Mapping
from typing import Any, Literal, TypeAlias

from onward.contracts.arrangements import (
    Arrangements,
    SafeContact,
    known_fields,
    may_be_rung,
)
from onward.contracts.contact import Identity
from onward.contracts.decision import LegalBasis
from onward.contracts.facts import FACTS, FACTS_ADAPTER, Facts
from onward.contracts.referral import Delivery, ProviderReferral, ProviderWithdrawal, Receipt, Withdrawal
from onward.directory.model import Directory, Profile, Provider
from onward.directory.special_data import ONLY_WITH_A_RELEASE, data_class_of, tells_health, tells_offence
from onward.dispatch.plans import SeenPlan

RefusalReason: TypeAlias = Literal[
    "provider_unknown",
    "profile_unknown",
    "channel_unknown",
    "key_destroyed",
    "identity_unreadable",
    "no_article_9_condition",
    "no_article_10_authority",
]
"""Why a delivery is not sent. `tracking` turns each into work for a person; none is tried again by itself."""


def recipient(delivery: Delivery, decided: Directory, live: Directory) -> tuple[Provider, Profile] | RefusalReason:
    """
    The provider a delivery is for and what it may see, or why there is none. There is no default profile.

    It may see what both directories let it see: the one that was *decided* with, which is what was approved for this
    referral, and the *live* one, so that a profile that was narrowed since holds at once. A provider that is not in
    both is not sent to.
    """
    found: list[tuple[Provider, Profile]] = []
    for directory in (live, decided):
        provider = directory.providers.get(delivery.provider)
        if provider is None:
            return "provider_unknown"
        profile = directory.profiles.get(provider.profile)
        if profile is None:
            return "profile_unknown"
        found.append((provider, profile))
    (provider, now), (_, then) = found
    return provider, now if now is then else narrowed(now, then)


def narrowed(now: Profile, then: Profile) -> Profile:
    """What both profiles let their recipient see; what either forbids is forbidden."""
    both = tuple(field for field in now.fields if field in then.fields)
    only = {
        field: tuple(value for value in values if then.shows(field, value))
        for field, values in {**then.only, **now.only}.items()
    }
    never = tuple(dict.fromkeys((*now.never, *then.never)))
    return now.model_copy(update={"fields": both, "only": only, "never": never, "warned": now.warned and then.warned})


def disclose(facts: Facts, identity: Identity, profile: Profile) -> dict[str, Any]:
    """
    The fields that *profile* names and that are known, as JSON values, in the profile's order.

    A name that is neither a fact nor an identity field discloses nothing. Identifiers of one type are a list: a person
    whose records were merged has several.
    """
    known = _identity_fields(identity) | {
        path: value for path, value in _json(facts).items() if not FACTS[path].monitoring
    }
    allowed = (field for field in profile.fields if field in known and data_class_of(field) not in profile.never)
    return {field: known[field] for field in allowed if profile.shows(field, known[field])}


def unlawful(disclosed: Collection[str], basis: LegalBasis) -> RefusalReason | None:
    """
    Why these fields may not be sent on this basis, if so.

    Health data need an Article 9 condition; criminal offence data, allegations included, an Article 10 authority
    (DPA 2018 s. 11(2)).
    """
    if basis.article_9 is None and any(map(tells_health, disclosed)):
        return "no_article_9_condition"
    if basis.article_10 is None and any(map(tells_offence, disclosed)):
        return "no_article_10_authority"
    return None


def project(
    delivery: Delivery, identity: Identity, profile: Profile, *, pseudonym: str, id_key: bytes
) -> ProviderReferral:
    """
    What the provider receives.

    Args:
        delivery: The referral, with everything that is known.
        identity: The person's, opened; empty if none is known.
        profile: The provider's. What it does not name is left out.
        pseudonym: The provider's own for this person.
        id_key: The secret that its own for the plan is made with.
    """
    seen = _seen(delivery, profile)
    return ProviderReferral(
        referral_id=delivery.referral_id,
        reference=delivery.reference,
        person=pseudonym,
        category=delivery.category,
        urgency=delivery.urgency,
        legal_basis=delivery.legal_basis,
        made_at=delivery.made_at,
        respond_by=delivery.respond_by,
        approved_by=delivery.approved_by if profile.warned else None,
        warning=delivery.warning if profile.warned else "",
        plan=seen.projected(id_key, delivery.provider) if seen else None,
        earlier=delivery.earlier,
        advice=". ".join(filter(None, (delivery.advice, seen.advice if seen else ""))),
        disclosed=disclose(_about_it(delivery), identity, profile),
    )


def _about_it(delivery: Delivery) -> Facts:
    if delivery.release:
        return delivery.facts
    return {path: value for path, value in delivery.facts.items() if path not in ONLY_WITH_A_RELEASE}


def _seen(delivery: Delivery, profile: Profile) -> SeenPlan | None:
    if delivery.plan is None:
        return None
    return SeenPlan(delivery.plan, profile, delivery.facts, delivery.legal_basis, tells_health=tells_health)


def told_to_stop(withdrawal: Withdrawal, *, pseudonym: str) -> ProviderWithdrawal:
    """What the provider receives of a withdrawal, under its own *pseudonym* for the person."""
    return ProviderWithdrawal(
        referral_id=withdrawal.referral_id,
        reference=withdrawal.reference,
        person=pseudonym,
        reason=withdrawal.reason,
        at=withdrawal.at,
    )


def sent(delivery: Delivery, referral: ProviderReferral) -> Receipt:
    """The receipt for a referral that is on its way: the names of what was disclosed, never the values."""
    return _receipt(delivery, "sent", disclosed=tuple(referral.disclosed))


def told(withdrawal: Withdrawal) -> Receipt:
    """The receipt for a withdrawal that is on its way."""
    return _receipt(withdrawal, "sent")


def refused(asked: Delivery | Withdrawal, reason: RefusalReason) -> Receipt:
    """The receipt for a delivery or a withdrawal that is not sent."""
    return _receipt(asked, "refused", reason=reason)


def _receipt(
    asked: Delivery | Withdrawal,
    outcome: Literal["sent", "refused"],
    *,
    reason: str = "",
    disclosed: tuple[str, ...] = (),
) -> Receipt:
    return Receipt(
        referral_id=asked.referral_id,
        of="withdrawal" if isinstance(asked, Withdrawal) else "referral",
        person=asked.person,
        provider=asked.provider,
        outcome=outcome,
        reason=reason,
        disclosed=disclosed,
    )


def _json(facts: Facts) -> Mapping[str, Any]:
    known: Mapping[str, Any] = FACTS_ADAPTER.dump_python(
        {path: facts[path] for path in facts if path in FACTS}, mode="json"
    )
    return known


def _identity_fields(identity: Identity) -> dict[str, Any]:
    """Each identity field that is known, by the name a profile gives it: `phone`, `identifiers.NHS`."""
    dumped = identity.model_dump(mode="json", exclude={"identifiers", "arrangements"}, exclude_none=True)
    dumped |= _arrangements(identity.arrangements)
    _keep_safe(dumped, identity.arrangements.safe_contact if identity.arrangements else None)
    for identifier in identity.identifiers:
        dumped.setdefault(f"identifiers.{identifier.type}", []).append(identifier.value)
    return dumped


def _arrangements(known: Arrangements | None) -> dict[str, Any]:
    """Each field by its name; of carers and next of kin only whom it need not be kept from."""
    if known is None:
        return {}
    kept_from = {
        name
        for name in ("carer", "next_of_kin")
        if (one := getattr(known, name)) is not None and not may_be_rung(one, known.safe_contact)
    }
    named = set(known_fields(known)) - kept_from
    return known.model_dump(mode="json", include=named, exclude_none=True, exclude_defaults=True)


def _keep_safe(known: dict[str, Any], safe: SafeContact | None) -> None:
    """Leave no other way to reach the person than the safe one, where they said that there is one, or none."""
    if safe is None or not (safe.phone or safe.phone_is_safe is False):
        return
    known.pop("email", None)
    known.pop("phone", None)
    if safe.phone:
        known["phone"] = safe.phone
