"""What routing counts beside every service's own."""

from prometheus_client import Counter, Gauge

from onward.chassis.observability.metrics import Counted
from onward.releases.signing import REASONS

SHADOW_RESULTS = ("same", "different", "failed", "skipped")
CHANGE_KINDS = ("gained", "lost", "moved", "changed")
_PAIR = ("sha", "directory")

LIVE = Gauge(
    "onward_ruleset_live",
    "Always 1, for the rules and the directory that decide in this process; none: it waits. Two for 10 minutes: page.",
    _PAIR,
)
LIVE_SINCE = Gauge(
    "onward_ruleset_live_since_timestamp_seconds",
    "Since when the live rules and directory decide in this process. Look here first when referrals change.",
)
BEHIND = Gauge(
    "onward_ruleset_behind_seconds",
    "How long ago the newest release was published, if it is not what decides here; otherwise 0. Page over 600.",
)
NUMBER = Gauge(
    "onward_ruleset_number", "Number of the newest release that counts here; 0: none. It never falls: if it does, page."
)
REFUSED = Counter(
    "onward_rulesets_refused", "Records of `rulesets` that do not count. Any rise: somebody must look.", ["reason"]
)
SHADOW = Gauge("onward_shadow_ruleset", "Always 1, for the bundle that runs in the shadow; none: no series.", _PAIR)

DECISIONS = "onward_ruleset_decisions"
SHADOW_DECISIONS = "onward_shadow_decisions"
SHADOW_DIFFERENCES = "onward_shadow_differences"
OVERLAPS = "onward_routing_overlaps"

COUNTERS = (
    Counted(DECISIONS, "Decisions made by each bundle. Two rising at once: two are live.", _PAIR, newest=2),
    Counted(
        SHADOW_DECISIONS,
        "Situations that the shadow bundle decided too, or was spared. Rising `failed`: stop it.",
        ("result",),
        begins=tuple((result,) for result in SHADOW_RESULTS),
    ),
    Counted(
        SHADOW_DIFFERENCES,
        "Referrals that the shadow bundle would have made otherwise. Any: read `onward rules shadow list`.",
        ("kind",),
        begins=tuple((kind,) for kind in CHANGE_KINDS),
    ),
    Counted(OVERLAPS, "Decisions in which rules matched together that should never. Any: analyse the rules."),
)
"""What decisions note, counted when they are durable."""

STATE = (LIVE, LIVE_SINCE, BEHIND, NUMBER, REFUSED, SHADOW)
"""What the process itself tells: which rules are live in it, and what it did not take."""

ALL = (*COUNTERS, *STATE)

# At 0 from the start, so that a first increase is seen as one.
for _reason in REASONS:
    REFUSED.labels(_reason)
