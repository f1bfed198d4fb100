"""The list of types of contact is a file: where it is missing, that is said with what to do."""

import re
from pathlib import Path

import pytest

from onward.contracts import contact_types


def test_every_type_says_whose_event_it_is_and_what_happened() -> None:
    assert contact_types.known() == tuple(sorted(contact_types.known()))
    assert [each for each in contact_types.known() if not re.fullmatch(contact_types.PATTERN, each)] == []


def test_schemas_without_the_list_are_named_with_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "topics").mkdir()
    monkeypatch.setenv("ONWARD_SCHEMAS", str(tmp_path))
    with pytest.raises(FileNotFoundError, match="rules may ask for: run `make schemas`"):
        contact_types.known.__wrapped__()
