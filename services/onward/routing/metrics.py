"""What routing counts beside every service's own."""

from prometheus_client import Gauge

from onward.chassis.observability.metrics import Counted
from onward.chassis.releases.metrics import RELEASES

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

STATE = (LIVE, LIVE_SINCE, *RELEASES, SHADOW)
"""What the process itself tells: which rules are live in it, and what it did not take."""

ALL = (*COUNTERS, *STATE)
