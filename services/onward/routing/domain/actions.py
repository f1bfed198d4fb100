"""What a rule does: refer, notify, suppress."""

from typing import assert_never, get_args

from onward.contracts.codes import Category, NoticeUrgency, RuleClosureReason, Service, Urgency
from onward.contracts.decision import Closes
from onward.contracts.fact_kinds import Code
from onward.contracts.facts import FACTS
from onward.contracts.notice_kinds import OWN_KINDS
from onward.contracts.plans import PlanKind
from onward.diagnostics.spelling import did_you_mean, one_of
from onward.diagnostics.yaml_tree import Node, Place, YamlList, YamlScalar
from onward.routing.domain.diagnostics import ProblemReport
from onward.routing.domain.language import Approve, Notify, PlanRole, Refer, Role, Stops, Suppress
from onward.routing.domain.shape import Fields, items, text_of, word_of

CATEGORIES: tuple[Category, ...] = get_args(Category)
SERVICES: tuple[Service, ...] = get_args(Service)
CLOSES: tuple[Closes, ...] = get_args(Closes)
CLOSURE_REASONS: tuple[RuleClosureReason, ...] = get_args(RuleClosureReason)
STOPS: tuple[Stops, ...] = get_args(Stops)
URGENCIES: tuple[Urgency, ...] = get_args(Urgency)
NOTICE_URGENCIES: tuple[NoticeUrgency, ...] = get_args(NoticeUrgency)
PLAN_KINDS: tuple[PlanKind, ...] = get_args(PlanKind)
ROLES: tuple[Role, ...] = get_args(Role)

AREAS = tuple(path for path, fact in FACTS.items() if isinstance(fact.kind, Code) and "E0[6-9]" in fact.kind.pattern)
"""The facts that hold a local authority, which a catchment can be taken from."""


def no_later(urgency: NoticeUrgency, than: NoticeUrgency) -> bool:
    """Whether who acts by *urgency* acts no later than by *than*."""
    return NOTICE_URGENCIES.index(urgency) <= NOTICE_URGENCIES.index(than)


def refers(node: Node | None, report: ProblemReport) -> tuple[Refer, ...]:
    """The referrals of a rule: one mapping, or a list with each category once."""
    found: dict[Category, Refer] = {}
    for item in items(node, "`refer`", report, single=True):
        refer = _refer(item, report)
        if refer is None:
            continue
        if refer.category in found:
            report.add(
                item.place, "R011", f"{refer.category} twice; a rule makes one referral for a category: split the rule"
            )
        found[refer.category] = refer
    return tuple(found.values())


def _refer(node: Node, report: ProblemReport) -> Refer | None:
    fields = Fields(
        node,
        "`refer`",
        report,
        required=("category", "service", "urgency"),
        optional=("providers", "catchment_by", "approval", "advice", "linked", "linked_advice"),
    )
    category = fields.word("category", CATEGORIES)
    service = fields.word("service", SERVICES)
    urgency = fields.word("urgency", URGENCIES)
    providers = names_in(fields, "providers")
    catchment_by = fields.word("catchment_by", AREAS) or "person.area"
    approval = fields.word("approval", ROLES)
    advice = fields.text("advice")
    linked = names_in(fields, "linked")
    linked_advice = fields.text("linked_advice")
    if category is None:
        return None
    # With any other word wrong nothing is loaded; what the category asks of the rule is told all the same.
    service, urgency = service or SERVICES[0], urgency or URGENCIES[0]
    return Refer(
        category, service, urgency, node.place, providers, catchment_by, approval, advice, linked, linked_advice
    )


def names_in(fields: Fields, key: str) -> tuple[tuple[str, Place], ...]:
    """A list of names with their places, each once."""
    names: dict[str, Place] = {}
    for item in items(fields.get(key), f"`{key}`", fields.report):
        name = text_of(item, f"a name in `{key}`", fields.report)
        if name in names:
            fields.report.add(item.place, "R004", f"`{name}` twice in `{key}`; remove one")
        elif name:
            names[name] = item.place
    return tuple(names.items())


def notices(node: Node | None, report: ProblemReport) -> tuple[Notify, ...]:
    """Whom a rule tells: one mapping or a list."""
    found: list[Notify] = []
    for item in items(node, "`notify`", report, single=True):
        fields = Fields(item, "`notify`", report, required=("kind", "to"), optional=("urgency", "if_unmet"))
        kind = fields.name("kind")
        to = fields.word("to", ROLES)
        urgency = fields.word("urgency", NOTICE_URGENCIES) or "next_working_day"
        if kind in OWN_KINDS:
            message = f"`{kind}` is a kind of call that Onward makes itself; choose another word for this one"
            report.add(fields.place_of("kind"), "R031", message)
        if kind and to is not None:
            notice = Notify(kind, to, urgency, fields.word("if_unmet", ("true", "false")) == "true")
            if notice in found:
                report.add(item.place, "R004", f"`{to}` is told of `{kind}` twice; remove one, or correct it")
            found.append(notice)
    return tuple(found)


def approving(node: Node | None, report: ProblemReport) -> Approve | None:
    """Who must agree before anything leaves, if a rule says so."""
    if node is None:
        return None
    fields = Fields(node, "`approve`", report, required=("by",), optional=("advice",))
    by = fields.word("by", ROLES)
    return Approve(by, fields.text("advice")) if by is not None else None


def plan_role(node: Node | None, report: ProblemReport) -> PlanRole | None:
    """Which plan a rule's referral or notice belongs to, if it says so."""
    if node is None:
        return None
    fields = Fields(node, "`plan`", report, required=("kind",), optional=("lead",))
    kind, lead = fields.word("kind", PLAN_KINDS), fields.word("lead", ("true", "false"))
    return PlanRole(kind, lead == "true") if kind is not None else None


def suppression(node: Node | None, report: ProblemReport) -> Suppress | None:
    """What a rule stops, if it does."""
    if node is None:
        return None
    fields = Fields(node, "`suppress`", report, required=("reason", "what"), optional=("closes", "closure_reason"))
    reason = fields.name("reason")
    closes = fields.word("closes", CLOSES) if fields.get("closes") is not None else "none"
    closure_reason = fields.word("closure_reason", CLOSURE_REASONS)
    what = stopped(fields.get("what"), report)
    if closes is None:
        return None
    _check_closing(fields, closes, closure_reason, what)
    return Suppress(reason, what, closes, closure_reason) if what is not None and reason else None


def _check_closing(
    fields: Fields, closes: Closes, reason: RuleClosureReason | None, what: Stops | frozenset[Category] | None
) -> None:
    """What ends open referrals must say why, by a code that services act on, and must fit that code."""
    if closes == "none":
        if reason is not None:
            message = f"nothing is closed for `{reason}`; add {_or(_may_close(reason))}, or remove `closure_reason`"
            fields.report.add(fields.place_of("closure_reason"), "P008", message)
    elif fields.get("closure_reason") is None:
        message = f"open referrals end, and no code says why; add `closure_reason`: one of {one_of(CLOSURE_REASONS)}"
        fields.report.add(fields.place_of("closes"), "P008", message)
    elif reason is not None and closes not in _may_close(reason):
        message = f"`{reason}` cannot close only `{closes}`; write {_or(_may_close(reason))}"
        fields.report.add(fields.place_of("closes"), "P008", message)
    elif reason is not None and what is not None and not _stops_its_like(what, closes, reason):
        wanted = " or ".join(f"`what: {each}`" for each in _must_stop(closes, reason))
        message = f"what ends for `{reason}` could be made anew by the same event; write {wanted}"
        fields.report.add(fields.place_of("what"), "P008", message)


def _may_close(reason: RuleClosureReason) -> tuple[Closes, ...]:
    """Which open referrals can end for a reason."""
    match reason:
        case "death" | "removal_from_uk":
            return ("all",)
        case "return_to_prison":
            return ("release", "all")
        case "completion":
            return ("caution",)
        case _:
            assert_never(reason)


def _stops_its_like(what: Stops | frozenset[Category], closes: Closes, reason: RuleClosureReason) -> bool:
    """Whether no referral is made while its like is closed."""
    if closes == "caution" and isinstance(what, frozenset):
        return "OUT_OF_COURT" in what
    return what in _must_stop(closes, reason)


def _must_stop(closes: Closes, reason: RuleClosureReason) -> tuple[str, ...]:
    """What may be stopped where referrals end."""
    if reason == "death":
        return ("everything",)
    if closes == "caution":
        return ("[OUT_OF_COURT]", "everything", "all-but-safety")
    return ("everything", "all-but-safety") if closes == "all" else STOPS


def _or(closes: tuple[Closes, ...]) -> str:
    return " or ".join(f"`closes: {each}`" for each in closes)


def stopped(node: Node | None, report: ProblemReport) -> Stops | frozenset[Category] | None:
    """Which referrals are stopped, or None where that is absent or wrong (which is then reported)."""
    if isinstance(node, YamlList):
        found: set[Category] = set()
        for item in items(node, "`what`", report):
            category = word_of(item, "a category", CATEGORIES, report)
            if category in found:
                report.add(item.place, "R004", f"`{category}` twice in `what`; remove one, or correct it")
            elif category is not None:
                found.add(category)
        return frozenset(found)
    if isinstance(node, YamlScalar) and node.text in STOPS:
        return next(what for what in STOPS if what == node.text)
    if node is not None:
        help_ = did_you_mean(node.text, STOPS) if isinstance(node, YamlScalar) else ""
        hint = help_ or f"; write {', '.join(f'`{what}`' for what in STOPS)} or a list of {one_of(CATEGORIES, most=3)}"
        report.add(node.place, "R007", f"`what` is wrong{hint}")
    return None
