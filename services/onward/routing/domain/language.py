"""
The rule language, `routing/v1`, once read: what a rule asks and what it does.

A rule holds when all of `when` holds, one group of `any_of` holds (if there is any), no group of `unless` holds, and
the event's London day is in `effective`. Each of these is true, false or not known, in Kleene's logic.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

from onward.contracts.area_vocabulary import ADDED
from onward.contracts.codes import Category, NoticeUrgency, RuleClosureReason, Service, Urgency
from onward.contracts.decision import Closes, LegalBasis, RuleVersion
from onward.contracts.fact_kinds import FactValue
from onward.contracts.plans import PlanKind
from onward.diagnostics.yaml_tree import Place

Scalar: TypeAlias = bool | int | str | date

Theme = Literal["suppress", "safety", "statutory", "need", "logistics"]
"""The class of a rule; earlier classes win where two rules ask for the same service."""
THEMES: tuple[Theme, ...] = get_args(Theme)

OurRole = Literal[
    "offender-manager",
    "duty-practitioner",
    "custody-officer",
    "crisis-line",
    "resettlement-team",
    "hospital-liaison",
    "youth-justice",
    "officer-in-case",
    "prison-housing",
    "approving-practitioner",
    "custody-nurse",
    "liaison-and-diversion",
    "amhp",
    "camhs",
    "adult-social-care",
    "marac-coordinator",
    "childrens-social-care",
]
"""Who can be told or must approve: roles, never persons."""

if TYPE_CHECKING:
    Role = OurRole
else:
    Role = Literal[(*get_args(OurRole), *ADDED.beside("roles", get_args(OurRole)))]
"""Ours, and those that areas add in `schemas/vocabulary`."""

Stops = Literal["everything", "all-but-safety", "release"]
Expect = Literal["match", "no_match", "needs_information"]
HitPolicy = Literal["collect", "unique"]
"""Whether all rules of a file that match act, or it is promised (and proved by `analyse`) that at most one matches."""
HIT_POLICIES: tuple[HitPolicy, ...] = get_args(HitPolicy)

EffectKind = Literal["refer", "notify", "suppress", "approve", "plan", "release", "instead_of", "legal_basis"]
EffectValue: TypeAlias = bool | str | tuple[str, ...] | frozenset[str]
"""A word or text; providers and linked rules in their order; what is stopped, or won over, without one."""

EVENT_DAY = "event.day"
"""The London day of the event, which `effective` is compared with. Not a fact: no rule can ask for it."""


NATIONWIDE = 1_000_000
"""The breadth of a rule that holds nationally: more areas than any overlay names."""
Specificity: TypeAlias = tuple[int, bool]
Standing: TypeAlias = tuple[Specificity, int]
"""The specificity that a rule counts with, and how many rules stand before it in a chain of `instead_of`."""


@dataclass(frozen=True, slots=True)
class OneOf:
    """The value is one of these, or with *negated* none of them."""

    values: frozenset[Scalar]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Between:
    """The whole number or day lies from *low* to *high*, both included; None leaves that side open."""

    low: int | date | None
    high: int | date | None


@dataclass(frozen=True, slots=True)
class Presence:
    """The fact is known, or is not; always definite."""

    known: bool


@dataclass(frozen=True, slots=True)
class Has:
    """The list has a record for which all *fields* hold, or with *negated* has none."""

    fields: tuple["Condition", ...]
    negated: bool = False


Check: TypeAlias = OneOf | Between | Presence | Has


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing a rule asks about one fact."""

    path: str
    test: Check
    expected: str
    """The test in words, for explanations."""
    where: str
    """`file:line:column`."""
    named: str = field(default="", compare=False)
    """The `$set` that its values come from; empty for values that stand in the condition itself."""

    @property
    def place(self) -> Place:
        """Where it stands."""
        file, line, column = self.where.rsplit(":", 2)
        return Place(file, int(line), int(column))


Group: TypeAlias = tuple[Condition, ...]
"""Conditions that must all hold."""


@dataclass(frozen=True, slots=True)
class Refer:
    """Send the person's referral to a provider."""

    category: Category
    service: Service
    urgency: Urgency
    place: Place
    providers: tuple[tuple[str, Place], ...] = ()
    """Preferred providers in order; none means any provider of the service, by catchment."""
    catchment_by: str = "person.area"
    """The fact whose area the provider must serve."""
    approval: Role | None = None
    advice: str = ""
    linked: tuple[tuple[str, Place], ...] = ()
    linked_advice: str = ""
    """What is said of the linked ones: to a provider that may know of one of them, where it was made."""


@dataclass(frozen=True, slots=True)
class Notify:
    """Tell a role something."""

    kind: str
    to: Role
    urgency: NoticeUrgency
    if_unmet: bool = False
    """Only where no provider takes what the rule refers: there is none, or it is not known where to look."""


@dataclass(frozen=True, slots=True)
class Suppress:
    """Stop referrals: everything, all but those of theme safety, those of release rules, or some categories."""

    reason: str
    what: Stops | frozenset[Category]
    closes: Closes = "none"
    closure_reason: RuleClosureReason | None = None
    """Why open referrals end; None if, and only if, none does."""


@dataclass(frozen=True, slots=True)
class Approve:
    """Hold whatever is referred for the person, but for safety, until a role has agreed."""

    by: Role
    advice: str = ""
    """What every recipient is told with it."""


@dataclass(frozen=True, slots=True)
class PlanRole:
    """Which plan what a rule does belongs to, and whether its provider, or the role that it tells, leads it."""

    kind: PlanKind
    lead: bool


@dataclass(frozen=True, slots=True)
class Prerequisite:
    """Another referral that must exist before a rule may act, as the facts tell it: shared by name between rules."""

    name: str
    why: str
    when: Group
    place: Place


@dataclass(frozen=True, slots=True)
class Goal:
    """Who must be reached: for everybody of whom `when` holds, some rule must match (`onward rules analyse`)."""

    why: str
    when: Group
    category: Category | None
    """The category that a matching rule must refer for; None means that any rule will do."""
    place: Place
    service: Service | None = None
    """The service that it must refer to."""
    urgency: NoticeUrgency | None = None
    """No later than this must the provider, or whoever is told, act."""
    told: Role | None = None
    """Who must be told, by the same rule or another."""


@dataclass(frozen=True, slots=True)
class RuleAction:
    """One thing that a rule does, or that a test says it does, by the keys of a rule file."""

    kind: EffectKind
    values: Mapping[str, EffectValue]
    """Of a rule all that it says; of a test what it names. Empty for nothing."""
    place: Place


@dataclass(frozen=True, slots=True)
class Then:
    """What a test says of what happens: each value that it names is checked, and no other."""

    effects: tuple[RuleAction, ...]
    asks: frozenset[str] | None
    """Every fact that the rule waits for, and no other; None where nothing is said of it."""
    place: Place


@dataclass(frozen=True, slots=True)
class RuleTest:
    """An example that a rule's author wrote beside it."""

    name: str
    given: Mapping[str, FactValue]
    day: date | None
    """The event's London day; None means the first day the rule is effective."""
    expect: Expect
    because: str | None
    place: Place
    then: Then | None = None


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What an area overlay asks beside a national rule, in its area only; `Rule.unless` has it too, negated."""

    area: Condition
    why: str
    when: Group
    place: Place


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule."""

    id: str
    why: str
    theme: Theme
    owner: str
    place: Place
    effective: Condition
    """On `EVENT_DAY`."""
    when: Group
    any_of: tuple[Group, ...] = ()
    unless: tuple[Group, ...] = ()
    refer: tuple[Refer, ...] = ()
    notify: tuple[Notify, ...] = ()
    suppress: Suppress | None = None
    approve: Approve | None = None
    plan: PlanRole | None = None
    legal_basis: LegalBasis | None = None
    """Never None where `refer` is not empty."""
    release: bool | None = None
    """Whether the author says that its referrals are release referrals; None where nothing is said, which means no."""
    tests: tuple[RuleTest, ...] = ()
    area: Condition | None = None
    """Where a rule of an area overlay holds; `when` has it too."""
    widens: tuple[tuple[str, Place], ...] = ()
    """The rules whose people this overlay's rule knowingly adds to, in its area."""
    instead_of: tuple[tuple[str, Place], ...] = ()
    """The rules of its class that it wins over, where both would make the same referral."""
    requires: tuple[Prerequisite, ...] = ()
    """What must exist before the rule may act; `when` has their conditions too."""
    narrowed: tuple[Narrowing, ...] = ()
    """What area overlays ask beside; see `Narrowing`."""

    standing: Standing | None = None
    """Set by the loader, for rules that `instead_of` concerns: see `precedence`."""

    order: tuple[int, Standing, Specificity, str] = field(init=False)
    """
    Where the rule stands: by class, then by what says who wins; then by id, which decides nothing that matters.

    Files and lines have no say.
    """

    @property
    def specificity(self) -> Specificity:
        """How narrowly the rule is meant: for how many areas, and whether it leaves the provider open; less wins."""
        areas = self.area.test if self.area is not None else None
        breadth = len(areas.values) if isinstance(areas, OneOf) else NATIONWIDE
        return breadth, not any(refer.providers for refer in self.refer)

    @property
    def is_release(self) -> bool:
        """Whether it makes release referrals: a suppression of `release` stops them, a return to prison ends them."""
        return self.release is True

    @property
    def groups(self) -> tuple[Group, ...]:
        """All that it asks of facts: `when`, and each group of `any_of` and of `unless`."""
        return (self.when, *self.any_of, *self.unless)

    @property
    def alternatives(self) -> tuple[Group, ...]:
        """What must hold together for it to match, one of these: `when`, with each group of `any_of`."""
        return tuple((*self.when, *group) for group in self.any_of or ((),))

    def __post_init__(self) -> None:
        own = self.specificity
        standing = self.standing or (own, 0)
        object.__setattr__(self, "order", (THEMES.index(self.theme), standing, own, self.id))


@dataclass(frozen=True, slots=True)
class BasisUse:
    """For what a legal basis may be used."""

    place: Place
    services: Mapping[Category, frozenset[Service]]
    """The services that it may be used for, by need; of a consent, those that its purpose is about. Empty: any."""
    themes: frozenset[Theme]
    """The classes of rules that may use it. Empty: any."""
    only_where: tuple[Group, ...]
    """A rule that uses it asks all of one of these groups, whatever else it asks. Empty: nothing in particular."""


@dataclass(frozen=True, slots=True, eq=False)
class RuleSet:
    """Every rule of a bundle, in their order, with the version that decisions name."""

    rules: tuple[Rule, ...]
    version: RuleVersion
    bases: Mapping[str, LegalBasis] = field(default_factory=dict)
    goals: tuple[Goal, ...] = ()
    unique: tuple[frozenset[str], ...] = ()
    """The rules of each file whose hit policy is `unique`: no two of one file may match the same situation."""
    uses: Mapping[str, BasisUse] = field(default_factory=dict)
    """For what each basis may be used."""
