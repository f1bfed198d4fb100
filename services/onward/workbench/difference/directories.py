"""What two directories say otherwise: providers, what each of them may see, and areas that lose their only help."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from onward.contracts.authorities import authorities
from onward.contracts.codes import Category, Service
from onward.contracts.topics import REFERRALS, REPLIES
from onward.directory.model import Directory, Provider
from onward.routing.domain.eligibility import EVERYWHERE
from onward.routing.domain.language import RuleSet
from onward.workbench.analysis.takers import candidates
from onward.workbench.difference.profiles import Seen, less, more, seen, words_of

Kind = Literal["provider", "profile", "area"]
_NAMED = 8
"""So many providers, rules or areas are named in one sentence."""


@dataclass(frozen=True, slots=True)
class DirectoryChange:
    """One thing that two directories say otherwise, and that can matter to somebody."""

    kind: Kind
    name: str
    short: str
    """In a sentence."""
    details: tuple[str, ...] = ()
    grave: bool = False
    """Somebody sees more, is guarded less, or is left without help."""
    providers: tuple[str, ...] = ()
    """Those concerned."""
    rules: tuple[str, ...] = ()
    """Those that may refer to one of these providers."""

    def document(self) -> dict[str, Any]:
        """For programs."""
        return {
            "kind": self.kind,
            "name": self.name,
            "what": self.short,
            "details": list(self.details),
            "grave": self.grave,
            "providers": list(self.providers),
            "rules": list(self.rules),
        }


@dataclass(frozen=True, slots=True)
class DirectoryDifference:
    """Everything that two directories say otherwise."""

    changes: tuple[DirectoryChange, ...]
    words: tuple[str, ...]
    """What is only worded or ordered otherwise."""
    names: Mapping[str, str]
    """The present ids of providers that were renamed."""


def directories_differ(before: tuple[RuleSet, Directory], after: tuple[RuleSet, Directory]) -> DirectoryDifference:
    """What the directories of two bundles, each with its rules, say otherwise; the gravest first."""
    found = _Comparing(before, after)
    changes = sorted(found.changes(), key=lambda each: (not each.grave, each.kind, each.name))
    return DirectoryDifference(tuple(changes), tuple(found.words()), found.names)


class _Comparing:
    def __init__(self, before: tuple[RuleSet, Directory], after: tuple[RuleSet, Directory]) -> None:
        self._before, self._after = before[1], after[1]
        self._rules_before, self._rules_after = _rules_to(*before), _rules_to(*after)
        self.names = _renamed(self._before, self._after)
        self._pairs = [
            (old, self._after.providers[self.names.get(name, name)])
            for name, old in sorted(self._before.providers.items())
            if self.names.get(name, name) in self._after.providers
        ]

    def changes(self) -> Iterator[DirectoryChange]:
        yield from self._profiles()
        yield from self._providers()
        yield from self._areas()

    def words(self) -> Iterator[str]:
        old, new = self._before.profiles, self._after.profiles
        for name in sorted(old.keys() & new.keys()):
            if old[name] != new[name] and not words_of(old[name], new[name]):
                yield f"profile `{name}` is worded or ordered otherwise, and shows the same"
        for one, other in self._pairs:
            if one.name != other.name and not _otherwise(one, other):
                yield f"provider `{other.id}` has another name for people: {other.name}"

    def _profiles(self) -> Iterator[DirectoryChange]:
        old, new = self._before.profiles, self._after.profiles
        for name in sorted({*old, *new}):
            concerned = sorted(each.id for each in self._after.providers.values() if each.profile == name)
            rules = _all(self._rules_after, concerned)
            if name not in old:
                yield DirectoryChange("profile", name, f"profile `{name}` is new", (), False, tuple(concerned), rules)
            elif name not in new:
                yield DirectoryChange("profile", name, f"profile `{name}` is no longer there")
            elif words := words_of(old[name], new[name]):
                details = (*words, *_concerned(concerned, rules))
                warns = new[name].warned and not old[name].warned
                widens, loosens = (
                    warns or bool(more(seen(old[name]), seen(new[name]))),
                    set(old[name].never) - set(new[name].never),
                )
                how = "shows more" if widens else "is guarded less" if loosens else "shows less, or is guarded more"
                grave = bool(widens or loosens)
                short = f"profile `{name}` {how}"
                yield DirectoryChange("profile", name, short, details, grave, tuple(concerned), rules)

    def _providers(self) -> Iterator[DirectoryChange]:
        old, new = self._before.providers, self._after.providers
        renamed = set(self.names.values())
        for name in sorted({*old, *new}):
            if name in self.names:
                yield self._renaming(name, self.names[name])
            elif name not in new:
                rules = self._rules_before.get(name, ())
                yield DirectoryChange(
                    "provider", name, f"provider `{name}` is no longer in the directory", _rules(rules), rules=rules
                )
            elif name not in old:
                if name not in renamed:
                    rules = self._rules_after.get(name, ())
                    short = f"provider `{name}` is new in the directory"
                    details = (*self._new(new[name]), *_rules(rules))
                    yield DirectoryChange("provider", name, short, details, False, (name,), rules)
            elif fields := _otherwise(old[name], new[name]):
                yield self._described(old[name], new[name], fields)

    def _new(self, provider: Provider) -> Iterator[str]:
        """What a new provider does, where, and what it will see."""
        yield f"takes {', '.join(provider.categories)} as {', '.join(provider.services)}"
        yield f"in {named_areas(provider.catchment)}"
        yield f"sees {', '.join(_sees(self._after, provider)) or 'nothing'} (profile `{provider.profile}`)"

    def _described(self, old: Provider, new: Provider, fields: list[str]) -> DirectoryChange:
        details, grave = list(_details(old, new)), False
        if old.profile != new.profile:
            one, other = _sees(self._before, old), _sees(self._after, new)
            wider, narrower = more(one, other), less(one, other)
            details += [f"sees more: {', '.join(wider)}"] if wider else []
            details += [f"no longer sees: {', '.join(narrower)}"] if narrower else []
            grave = bool(wider)
        rules = tuple(sorted({*self._rules_before.get(old.id, ()), *self._rules_after.get(new.id, ())}))
        short = f"provider `{new.id}` is described otherwise: {', '.join(fields)}"
        return DirectoryChange("provider", new.id, short, (*details, *_rules(rules)), grave, (new.id,), rules)

    def _renaming(self, old: str, new: str) -> DirectoryChange:
        topics = " and ".join(f"`{topic.name.replace('{provider}', new)}`" for topic in (REFERRALS, REPLIES))
        details = (
            f"its topics change: to {topics}, which somebody must make and the provider must read",
            *_rules(rules := self._rules_after.get(new, ())),
        )
        short = f"provider `{old}` is now `{new}`: renamed, with all else equal"
        return DirectoryChange("provider", new, short, details, True, (old, new), rules)

    def _areas(self) -> Iterator[DirectoryChange]:
        """Areas that lose their only provider of a service, or the only one that was not full."""
        old, new = _covered(self._before), _covered(self._after)
        lost: defaultdict[tuple[Service, Category], set[str]] = defaultdict(set)
        for kind, areas in old.items():
            there = new.get(kind, set())
            if EVERYWHERE not in there:
                lost[kind] = areas - there
        for (service, category), areas in sorted(lost.items()):
            if areas:
                had = sorted(
                    each.id
                    for each in self._before.providers.values()
                    if service in each.services and category in each.categories and areas & set(each.catchment)
                )
                short = f"nobody takes {category} as {service} any longer in {named_areas(areas)}"
                details = (f"it was {_some(had)}",)
                rules = _all(self._rules_before, had)
                name = f"{category} {service}"
                yield DirectoryChange("area", name, short, (*details, *_rules(rules)), True, tuple(had), rules)


def _sees(directory: Directory, provider: Provider) -> Seen:
    """What a provider is shown; nothing without a profile."""
    profile = directory.profiles.get(provider.profile)
    return {} if profile is None else seen(profile)


def named_areas(codes: Collection[str]) -> str:
    """Areas by name and code, the first few of them."""
    known = authorities()
    words = (
        "every other area" if code == EVERYWHERE else f"{known[code].name} ({code})" if code in known else code
        for code in sorted(codes)
    )
    return _joined(list(words))


def _joined(words: list[str]) -> str:
    left = len(words) - _NAMED
    return ", ".join(words[:_NAMED]) + (f" and {left} more" if left > 0 else "")


def _some(names: Iterable[str]) -> str:
    return _joined([f"`{each}`" for each in names])


def _rules(rules: tuple[str, ...]) -> tuple[str, ...]:
    return (f"rules concerned: {_joined(list(rules))}",) if rules else ()


def _concerned(providers: list[str], rules: tuple[str, ...]) -> Iterator[str]:
    yield f"providers concerned: {_joined(providers) or 'none has this profile'}"
    yield from _rules(rules)


def _all(by_provider: Mapping[str, tuple[str, ...]], providers: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({rule for each in providers for rule in by_provider.get(each, ())}))


def _rules_to(rules: RuleSet, directory: Directory) -> Mapping[str, tuple[str, ...]]:
    """The rules that may refer to each provider."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for rule in rules.rules:
        for refer in rule.refer:
            for provider in candidates(directory, refer):
                found[provider.id].add(rule.id)
    return {name: tuple(sorted(each)) for name, each in found.items()}


def _renamed(before: Directory, after: Directory) -> Mapping[str, str]:
    """The providers that have another id and are otherwise the same."""
    new = {name: each for name, each in after.providers.items() if name not in before.providers}
    found: dict[str, str] = {}
    for name, provider in sorted(before.providers.items()):
        if name not in after.providers:
            same = next((other for other, each in new.items() if not _otherwise(provider, each)), None)
            if same is not None:
                found[name] = same
                del new[same]
    return found


def _otherwise(old: Provider, new: Provider) -> list[str]:
    """The keys, but the id and the name for people, under which two entries say something else."""
    one, other = old.model_dump(exclude={"id", "name"}), new.model_dump(exclude={"id", "name"})
    return [key for key in one if _plain(one[key]) != _plain(other[key])]


def _plain(value: object) -> object:
    return frozenset(value) if isinstance(value, tuple) and all(isinstance(each, str) for each in value) else value


def _details(old: Provider, new: Provider) -> Iterator[str]:
    for key in ("services", "categories"):
        yield from _listed(key, getattr(old, key), getattr(new, key))
    gone, come = set(old.catchment) - set(new.catchment), set(new.catchment) - set(old.catchment)
    yield from (f"no longer serves {named_areas(gone)}",) if gone else ()
    yield from (f"now serves {named_areas(come)}",) if come else ()
    one, other = old.eligibility.model_dump(), new.eligibility.model_dump()
    yield from (_was(key.replace("_", " "), one[key], other[key]) for key in one if one[key] != other[key])
    told = {"id", "name", "services", "categories", "catchment", "eligibility"}
    one, other = old.model_dump(exclude=told), new.model_dump(exclude=told)
    yield from (_was(key.replace("_", " "), one[key], other[key]) for key in one if one[key] != other[key])


def _listed(key: str, old: Iterable[str], new: Iterable[str]) -> Iterator[str]:
    gone, come = sorted(set(old) - set(new)), sorted(set(new) - set(old))
    yield from (f"{key}: no longer {', '.join(gone)}",) if gone else ()
    yield from (f"{key}: now also {', '.join(come)}",) if come else ()


def _was(what: str, old: object, new: object) -> str:
    return f"{what}: was {_word(old)}; is {_word(new)}"


def _word(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return "none" if value is None else str(value)


def _covered(directory: Directory) -> Mapping[tuple[Service, Category], set[str]]:
    """Where somebody takes each need as each service, and is not full."""
    found: defaultdict[tuple[Service, Category], set[str]] = defaultdict(set)
    for provider in directory.providers.values():
        if provider.accepting:
            for service in provider.services:
                for category in provider.categories:
                    found[service, category] |= set(provider.catchment)
    return found
