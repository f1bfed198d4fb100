"""A new service is what `services/README.md` says and nothing else: built by following it in a copy of the project."""

from pathlib import Path

import pytest

from following import Copy

PAGE = "services/README.md"
CHECKS = (
    "tests/architecture",
    *(
        f"tests/contract/test_{name}.py"
        for name in (
            "alert_rules",
            "examples",
            "generated_files",
            "groups",
            "groups_and_topics",
            "metrics_catalogue",
            "reasons",
            "scrape_targets",
            "topic_files",
        )
    ),
)
"""What looks at services and their topics; the rest of the tests without servers are about rules and partners."""


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    return Copy(tmp_path_factory.mktemp("sixth"))


@pytest.fixture(scope="module")
def new(copy: Copy) -> list[str]:
    made = copy.follow(PAGE)
    copy.make("schemas")
    return made


def test_it_passes_the_checks_of_shape_independence_contracts_and_its_own(copy: Copy, new: list[str]) -> None:
    own = [path for path in new if path.startswith("tests/")]
    assert own
    # Those that make a copy themselves: of the page, and of each import contract, which holds for any service.
    not_again = [f"--ignore=tests/architecture/{name}.py" for name in (Path(__file__).stem, "test_the_guards")]
    copy.test(*CHECKS, *own, *not_again)


def test_the_import_contracts_hold(copy: Copy, new: list[str]) -> None:
    assert new
    copy.run("lint-imports", "--no-cache")


def test_what_is_generated_is_up_to_date(copy: Copy, new: list[str]) -> None:
    assert new
    copy.make("verify")


def test_its_types_hold_and_it_is_written_as_the_rest_is(copy: Copy, new: list[str]) -> None:
    copy.typed([path for path in new if path.endswith(".py")])


def test_it_starts_and_has_topics(copy: Copy, new: list[str]) -> None:
    assert new
    copy.onward("run", "gaps", "--check")
    assert "parked.gaps" in copy.onward("topics", "--list")
