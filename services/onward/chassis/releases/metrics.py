"""What every service that follows releases tells of them."""

from typing import Final

from prometheus_client import Counter, Gauge

from onward.releases.signing import REASONS

BEHIND: Final = Gauge(
    "onward_ruleset_behind_seconds",
    "How long ago the newest release was published, if this process does not go by it; otherwise 0. Page over 600.",
)
NUMBER: Final = Gauge(
    "onward_ruleset_number", "Number of the newest release that counts here; 0: none. It never falls: if it does, page."
)
REFUSED: Final = Counter(
    "onward_rulesets_refused", "Records of `rulesets` that do not count. Any rise: somebody must look.", ["reason"]
)
DIRECTORY: Final = Gauge(
    "onward_directory_live",
    "Always 1, for the directory that tracking or dispatch goes by. Two for long: one is behind, or trusts other keys.",
    ["directory"],
)

RELEASES: Final = (BEHIND, NUMBER, REFUSED)
"""Of whoever follows releases."""

DIRECTORIES: Final = (*RELEASES, DIRECTORY)
"""Of whoever goes by the directory alone."""

# At 0 from the start, so that a first increase is seen as one.
for _reason in REASONS:
    REFUSED.labels(_reason)
