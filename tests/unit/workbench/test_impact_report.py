"""A report shows what may be shown, in order of names; its page needs nothing else and hides nothing twice."""

import re
from collections import Counter
from html.parser import HTMLParser
from itertools import pairwise
from random import Random
from typing import Literal, TypeAlias

import pytest

from onward.cli.render.impact import lines
from onward.disclosure_control.linked_counts import Place
from onward.disclosure_control.suppression import Rounding, hidden
from onward.workbench.impact.document import document
from onward.workbench.impact.impact_text import name
from onward.workbench.impact.outcome_counts import Cell, Example, OutcomeChange, OutcomeCounts
from onward.workbench.impact.page import html
from onward.workbench.impact.people import area_names
from onward.workbench.impact.plots import bars
from onward.workbench.impact.report import Column, ImpactReport, ReportRow, report_of
from unit.routing.routing_builders import a_directory, a_provider
from unit.workbench.impact_tables import made_up_counts

NHS = Rounding()


Kind: TypeAlias = Literal["gained", "lost", "moved"]
KINDS: tuple[Kind, ...] = ("gained", "lost", "moved")


def an_example(situation: str, category: str, kind: Kind, *counted: Place) -> Example:
    return Example(situation, OutcomeChange("referred", category, kind, "x", "<y>", counted))


def a_tally(referrals: int = 3000, *, changing: float = 0.05) -> OutcomeCounts:
    counts = made_up_counts(Random(7), referrals, areas=6, changing=changing)
    cells = Counter({Cell("referred", *place): count for place, count in counts.items()})
    examples: dict[tuple[str, str, str], list[Example]] = {
        ("referred", category, kind): [
            an_example(f"id-{category}-{kind}", category, kind, ("category", category, kind))
        ]
        for category in "ABC"
        for kind in KINDS
    }
    return OutcomeCounts(referrals, 99, cells, examples)


def figures(report: ImpactReport) -> dict[tuple[str, str, Column], int | None]:
    return {
        (table.dimension, f"{row.of}/{row.name}" if row.of else row.name, column): row.figures[column]
        for table in report.tables
        for row in table.rows
        for column in table.columns
    }


def test_every_figure_is_rounded_or_hidden_and_after_is_worked_out_from_what_is_shown() -> None:
    tally = a_tally()
    counts: Counter[tuple[str, str, Column]] = Counter()
    places: Counter[Place] = Counter()
    for cell, count in tally.cells.items():
        counts[cell[1:]] = places[cell[1:]] = count
    away: frozenset[tuple[str, str, Column]] = frozenset(hidden(places, NHS))
    assert away
    shown = figures(report_of(tally, NHS))
    for (dimension, row, column), figure in shown.items():
        place: tuple[str, str, Column] = dimension, "" if dimension == "all" else row, column
        if column != "after":
            assert figure == (None if place in away else NHS.shown(counts.get(place, 0)))
            continue
        parts = [(shown.get((dimension, row, each), 0), sign) for each, sign in SIGNS.items()]
        known = [value * sign for value, sign in parts if value is not None]
        assert figure == (max(0, sum(known)) if len(known) == len(parts) else None)


SIGNS: dict[Column, int] = {"before": 1, "lost": -1, "left": -1, "gained": 1, "arrived": 1}


def test_an_exact_report_hides_nothing_and_says_what_it_is() -> None:
    tally = a_tally()
    report = report_of(tally, None)
    assert None not in figures(report).values()
    assert figures(report)["category", "A", "before"] == tally.cells[Cell("referred", "category", "A", "before")]
    assert report.changed == 99
    assert "not for publication" in "\n".join(lines(report))
    assert report_of(tally, NHS).changed is None


def test_rows_stand_in_the_order_of_names_never_of_sizes() -> None:
    for table in report_of(a_tally(), NHS).tables:
        names = [(row.of, row.name) for row in table.rows]
        assert names == sorted(names)


def test_no_example_points_at_a_number_that_is_hidden() -> None:
    report = report_of(a_tally(400), NHS)
    pointed = {(example.change.what, example.change.kind) for example in report.examples}
    shown = figures(report)
    assert pointed == {
        (category, kind) for category in "ABC" for kind in KINDS if shown["category", category, kind] is not None
    }
    assert len(pointed) < 9


def test_no_example_names_a_rule_or_a_provider_whose_number_is_hidden() -> None:
    counts: Counter[Place] = Counter()
    for row, many in (("often", 300), ("seldom", 3), ("sometimes", 200)):
        for dimension, called in (("rule", f"A/{row}"), ("category", "A"), ("all", "")):
            counts.update({(dimension, called, "before"): many, (dimension, called, "lost"): many})
    tally = OutcomeCounts(503, 503, Counter({Cell("referred", *place): count for place, count in counts.items()}))
    tally.examples["referred", "A", "lost"] = [
        an_example(rule, "A", "lost", ("category", "A", "lost"), ("rule", f"A/{rule}", "lost"))
        for rule in ("seldom", "often")
    ]
    assert [each.situation for each in report_of(tally, NHS).examples] == ["often"]
    assert [each.situation for each in report_of(tally, None).examples] == ["seldom", "often"]


def test_a_document_has_null_for_what_is_hidden() -> None:
    told = document(report_of(a_tally(), NHS))
    rows = [row for table in told["tables"] if table["by"] == "rule" for row in table["rows"]]
    assert {"row", "of", "before", "after", "gained", "lost", "moved", "arrived", "left"} == rows[0].keys()
    assert any(row["lost"] is None for row in rows)
    assert (told["hidden_up_to"], told["rounded_to"], told["exact"]) == (7, 5, False)


class Seen(HTMLParser):
    """Every tag with its attributes, in order; every opened one is closed."""

    EMPTY = ("meta", "img", "link", "br")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self._open: list[str] = []
        self.feed(text)
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.EMPTY:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def of(self, *names: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.tags if tag in names]


@pytest.fixture(scope="module")
def page() -> str:
    return html(report_of(a_tally(), NHS), {"Archive": "<script>alert(1)</script>"})


def test_the_page_needs_no_script_and_fetches_nothing(page: str) -> None:
    seen = Seen(page)
    assert not seen.of("script", "link", "iframe")
    assert "&lt;script&gt;" in page
    assert "&lt;y&gt;" in page
    addresses = [each.get("src") or each.get("href") or "" for each in seen.of("img", "a")]
    assert addresses
    assert all(address.startswith(("data:image/svg+xml;base64,", "#")) for address in addresses)


def test_every_plot_is_told_in_words_and_stands_before_its_table(page: str) -> None:
    seen = Seen(page)
    pictures = seen.of("img")
    assert pictures
    assert all(re.search(r"by .+: .+ gained, .+ lost, .+ moved", each["alt"] or "") for each in pictures)
    order = [tag for tag, _ in seen.tags if tag in {"img", "table"}]
    assert all(after == "table" for tag, after in pairwise(order) if tag == "img")
    assert seen.of("html")[0]["lang"] == "en-GB"
    assert len(seen.of("caption")) == len(seen.of("table"))
    assert {each.get("scope") for each in seen.of("th")} == {"col", "row"}


@pytest.mark.parametrize("changing", [0, 0.05])
def test_every_table_can_be_scrolled_by_itself_where_a_page_is_narrow(changing: float) -> None:
    tags = Seen(html(report_of(a_tally(changing=changing), NHS), {})).tags
    around = [before for before, (tag, _) in pairwise(tags) if tag == "table"]
    assert len(around) > 1
    assert all((each.get("class"), each.get("tabindex")) == ("scroll", "0") for _, each in around)


def test_the_legend_of_a_plot_stands_below_it_and_on_no_title() -> None:
    picture = bars([ReportRow("x" * 80, "", {"gained": 10, "lost": 20, "moved": 30})], "Referrals by local authority")
    texts = re.findall(r'<text [^>]*(?:y="|translate\([\d.]+ )([\d.]+)[^>]*>([^<]+)</text>', picture)
    places = {text: float(down) for down, text in texts}
    assert places["gained"] > places["x" * 80] > places["Referrals by local authority"]


def test_equal_reports_are_equal_pages(page: str) -> None:
    assert html(report_of(a_tally(), NHS), {"Archive": "<script>alert(1)</script>"}) == page


def test_a_change_that_changes_nothing_is_said_to() -> None:
    report = report_of(a_tally(changing=0), NHS)
    assert "Nothing changes." in list(lines(report))
    assert "<img" not in html(report, {})


def test_an_area_is_named_by_the_one_housing_authority_that_serves_it_alone() -> None:
    one = a_provider("one", catchment=("E07000008",))
    both = a_provider("both", catchment=("E07000008", "E07000009"))
    no_council = a_provider("team", services=("crisis_team",), catchment=("E07000009",))
    names = area_names(a_directory(one, both, no_council))
    assert names == {"E07000008": "Test provider one"}
    tally = OutcomeCounts(
        cells=Counter({Cell("told", "area", area, "before"): 9 for area in ("E07000008", "E07000009")})
    )
    (table,) = report_of(tally, None, names).tables
    assert [name(row) for row in table.rows] == ["E07000008 (Test provider one)", "E07000009"]
