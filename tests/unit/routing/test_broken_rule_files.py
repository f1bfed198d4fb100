"""Whatever bytes a rule file holds, the answer is a rule set or a list of problems with places; never a crash."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onward.contracts import paths
from onward.routing.domain.diagnostics import BundleError, SourceFile
from onward.routing.domain.loader import load

FOLDER = paths.schemas() / "routing"
SHARED = [SourceFile(name, (FOLDER / name).read_bytes()) for name in ("bases.yaml", "sets.yaml")]
WHOLE = (FOLDER / "suppress.yaml").read_text()
ODD = [
    "",
    "{}",
    "[]",
    "[[]]",
    "null",
    "~",
    "- ",
    ": ",
    "? ",
    '"',
    "{a: {b: [c]}}",
    "&x ",
    "*x",
    "<<: *x",
    "!!binary ",
    "$nothing",
    "not ",
    "not $",
    ">= ",
    ">= 99999999999",
    "..",
    "5..",
    "9999-12-31",
    "> 2199-12-31",
    "0000-00-00",
    "\x00",
    "\ud7ff",
    "known",
    "\n---\n",
    "\t",
    "has",
    " has no",
    "event.day",
]
KEYS = [
    "when",
    "any_of",
    "unless",
    "suppress",
    "notify",
    "tests",
    "given",
    "effective",
    "id",
    "what",
    "reason",
    "rules",
]


@st.composite
def broken(draw: st.DrawFn) -> bytes:
    """A rule file in which a few places were cut out, doubled or overwritten."""
    text = WHOLE
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 60)))
        kept = draw(st.sampled_from(["", text[start:end] * 2]))
        text = text[:start] + draw(st.sampled_from(ODD)) + kept + text[end:]
    if draw(st.booleans()):
        key = draw(st.sampled_from(KEYS))
        text = text.replace(f"{key}:", f"{key}: {draw(st.sampled_from(ODD))} #", draw(st.integers(1, 3)))
    return text.encode(errors="surrogatepass")


def refused(content: bytes) -> None:
    try:
        load([*SHARED, SourceFile("it.yaml", content)])
    except BundleError as error:
        for problem in error.diagnostics:
            assert problem.line >= 1
            assert problem.column >= 1
            assert problem.message


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(broken())
def test_a_broken_rule_file_is_refused_with_reasons(content: bytes) -> None:
    refused(content)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_refused_with_reasons(content: bytes) -> None:
    refused(content)


def test_every_single_value_of_a_rule_can_be_odd() -> None:
    lines = WHOLE.splitlines()[:40]
    for number, line in enumerate(lines):
        head, colon, _ = line.partition(": ")
        for odd in ODD if colon else ():
            changed = [*lines[:number], f"{head}: {odd}", *lines[number + 1 :]]
            refused("\n".join(changed).encode(errors="surrogatepass"))
