"""`docs/pathways/`: what happens to whom, drawn from the rules themselves, so that a board can read it."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePath

from onward.cli.render.values import expected, plain
from onward.contracts.decision import LegalBasis
from onward.routing.domain.language import EVENT_DAY, Condition, Group, Refer, Rule, RuleSet, Suppress

_HEAD = "<!-- Written by `make schemas` from the rules; change those, and not this page. -->"
_INDEX = """# Pathways

{head}

What happens to whom, and on what basis: one page for each file of rules, drawn from the rules that are in use. A rule
acts when all that it asks holds; a fact that nobody has said is not known, and then the partner that can say it is
asked, or somebody is told. How a referral goes on from there is in [the life of a referral](../referral-lifecycle.md).

| Page | Rules | Leads to |
|---|---|---|
"""


def pathways(rules: RuleSet, introductions: Mapping[str, str]) -> dict[str, str]:
    """
    Every page by its file name.

    Args:
        rules: The rules in use.
        introductions: What the author wrote at the head of each rule file, by the file's name without its ending.
    """
    files: dict[str, list[Rule]] = {}
    for rule in rules.rules:
        files.setdefault(PurePath(rule.place.file).stem, []).append(rule)
    pages = {f"{name}.md": _page(name, introductions.get(name, ""), each) for name, each in sorted(files.items())}
    return {"README.md": _index(files), **pages}


def introduction(text: str) -> str:
    """The comment at the head of a rule file, without the line for editors."""
    lines: list[str] = []
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        if not line.startswith("# yaml-language-server"):
            lines.append(line.removeprefix("#").strip())
    return "\n".join(lines).strip()


def _index(files: Mapping[str, Sequence[Rule]]) -> str:
    rows = (
        f"| [{plain(name.replace('-', '_')).capitalize()}]({name}.md) | {len(rules)} | {_leads_to(rules)} |\n"
        for name, rules in sorted(files.items())
    )
    return _INDEX.format(head=_HEAD) + "".join(rows)


def _leads_to(rules: Iterable[Rule]) -> str:
    services = {plain(refer.service) for rule in rules for refer in rule.refer}
    roles = {plain(notify.to) for rule in rules for notify in rule.notify}
    stops = {"no referral" for rule in rules if rule.suppress is not None}
    return ", ".join([*sorted(services), *sorted(roles - services), *stops]) or "nothing"


def _page(name: str, introduction: str, rules: Sequence[Rule]) -> str:
    blocks = [
        f"# {plain(name.replace('-', '_')).capitalize()}",
        _HEAD,
        *([introduction] if introduction else []),
        "```mermaid\n" + "\n".join(_drawn(rules)) + "\n```",
        *(_told(rule) for rule in rules),
    ]
    return "\n\n".join(blocks) + "\n"


def _drawn(rules: Sequence[Rule]) -> Iterator[str]:
    """Each rule as a box, and an arrow to whoever it sends a referral or a call to."""
    yield "flowchart LR"
    for rule in rules:
        yield f'    {_node("n", rule.id)}["{rule.id}"]'
    for rule in rules:
        box = _node("n", rule.id)
        for refer in rule.refer:
            yield f'    {box} -->|{plain(refer.urgency)}| {_node("s", refer.service)}(["{plain(refer.service)}"])'
        for notify in rule.notify:
            called = f'{_node("r", notify.to)}{{{{"{plain(notify.to)}"}}}}'
            only = ", if nobody is near" if notify.if_unmet else ""
            yield f"    {box} -.->|{plain(notify.kind)}, {plain(notify.urgency)}{only}| {called}"
        if rule.suppress is not None:
            yield f'    {box} --x stops["no referral"]'


def _node(kind: str, word: str) -> str:
    return f"{kind}_" + re.sub(r"[^a-z0-9]", "_", word.lower())


def _told(rule: Rule) -> str:
    lines = [f"## {rule.id}", "", rule.why.strip() + ".", ""]
    if asked := [each for each in rule.when if each.path != EVENT_DAY]:
        lines.append(f"- **When** {_all(asked)}")
    if rule.any_of:
        lines.append(f"- **and one of these**: {_either(rule.any_of)}")
    if rule.unless:
        lines.append(f"- **unless** {_either(rule.unless)}")
    if rule.area is not None:
        lines.append(f"- **only where** {_asked(rule.area)}")
    lines += [f"- **after** {each.why}" for each in rule.requires]
    lines += [f"- **Then** {_referred(each)}" for each in rule.refer]
    lines += [
        f"- **{'If nobody can take it' if each.if_unmet else 'Then'}** {plain(each.to)} is told: {plain(each.kind)} "
        f"({plain(each.urgency)})"
        for each in rule.notify
    ]
    if rule.suppress is not None:
        lines.append(f"- **Then** {_stopped(rule.suppress)}")
    if rule.legal_basis is not None:
        lines.append(f"- **Basis** {_basis(rule.legal_basis)}")
    return "\n".join(lines)


def _all(conditions: Iterable[Condition]) -> str:
    return "; ".join(map(_asked, conditions))


def _either(groups: Iterable[Group]) -> str:
    return ", **or** ".join(_all(group) for group in groups)


def _asked(condition: Condition) -> str:
    return f"`{condition.path}` {expected(condition)}"


def _referred(refer: Refer) -> str:
    to = ", ".join(f"`{name}`" for name, _ in refer.providers) or f"whoever is near (`{refer.catchment_by}`)"
    approved = f", after the yes of {plain(refer.approval)}" if refer.approval else ""
    return f"a referral for {refer.category} to {plain(refer.service)}, {plain(refer.urgency)}{approved}: {to}"


def _stopped(suppress: Suppress) -> str:
    what = ", ".join(sorted(suppress.what)) if isinstance(suppress.what, frozenset) else plain(suppress.what)
    closed = (
        "" if suppress.closes == "none" else f"; what was made before ends ({plain(suppress.closure_reason or '')})"
    )
    return f"no referral: {what} ({plain(suppress.reason)}){closed}"


def _basis(basis: LegalBasis) -> str:
    conditions = ", ".join(
        f"Article {number} {value}"
        for number, value in (("6", basis.article_6), ("9", basis.article_9), ("10", basis.article_10))
        if value
    )
    return f"{plain(basis.kind)}: {basis.citation} ({conditions})"
