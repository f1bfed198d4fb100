"""What was valid by a released schema is valid still: each change that breaks it is named, with a document."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from onward.contracts import paths
from released.documents import Schema, documents, fields, has, takes, whole
from released.run import Break, breaks, cut, last_release, load

EVENTS = paths.schemas() / "events"
NOW = load(EVENTS)
DISPOSED = "in.custody.custody.detention.disposed.v1.schema.json"
SHARED = "shared.v1.schema.json"
REFERRAL = "onward.referral.v1.schema.json"
REPLY = "onward.reply.v1.schema.json"


def found(file: str, schema: Schema) -> list[Break]:
    return [*breaks(NOW, {**NOW, file: schema})]


def the_one(file: str, schema: Schema) -> Break:
    each = found(file, schema)
    assert len(each) == 1, [*map(str, each)]
    (one,) = each
    assert one.file == file
    assert takes(whole(NOW[file], NOW), one.document)
    assert not takes(whole(schema, {**NOW, file: schema}), one.document)
    return one


def copied(file: str) -> dict[str, Any]:
    return copy.deepcopy(NOW[file])


def test_what_was_released_last_is_not_broken() -> None:
    last = last_release(paths.schemas() / "released")
    assert last is not None
    assert [str(each) for each in breaks(load(last), NOW)] == []


@pytest.mark.parametrize("file", sorted(name for name, schema in NOW.items() if "properties" in schema))
def test_a_document_is_made_for_every_field_of_every_schema(file: str) -> None:
    """A field that no document has could be broken, and nobody would be told."""
    schema = whole(NOW[file], NOW)
    made = [*documents(schema)]
    assert len(made) > 1
    assert {pointer for pointer in fields(schema) if not any(has(each, pointer) for each in made)} == set()


def test_a_field_that_must_be_there_from_now_on_is_named() -> None:
    schema = copied(DISPOSED)
    schema["required"].append("custodyRecordNo")
    one = the_one(DISPOSED, schema)
    assert "'custodyRecordNo' is a required property" in one.what
    assert "custodyRecordNo" not in one.document


def test_a_word_that_is_no_longer_read_is_named() -> None:
    schema = copied(DISPOSED)
    outcome = schema["properties"]["outcome"]
    outcome["pattern"] = outcome["pattern"].replace("([bB][aA][iI][lL][eE][dD]|", "(")
    one = the_one(DISPOSED, schema)
    assert (one.pointer, one.document["outcome"]) == ("/outcome", "bailed")


def test_a_narrower_list_of_codes_is_named() -> None:
    schema = copied(REPLY)
    (reasons,) = [each["enum"] for each in schema["properties"]["reason"]["anyOf"] if "enum" in each]
    reasons.remove("TOO_EARLY")
    one = the_one(REPLY, schema)
    assert (one.pointer, one.document["reason"]) == ("/reason", "TOO_EARLY")


def test_another_type_is_named() -> None:
    schema = copied(DISPOSED)
    schema["properties"]["custodyRecordNo"] = {"type": ["integer", "null"]}
    each = found(DISPOSED, schema)
    assert {one.pointer for one in each} == {"/custodyRecordNo"}
    assert any("is not of type 'integer'" in one.what for one in each)


def test_an_event_type_that_is_read_no_more_is_named() -> None:
    now = {name: schema for name, schema in NOW.items() if name != DISPOSED}
    (one,) = breaks(NOW, now)
    assert one.file == DISPOSED
    assert one.document["eventType"] == "custody.detention.disposed"
    schema = copied(DISPOSED)
    schema["properties"]["eventType"] = {"const": "custody.detention.ended"}
    assert the_one(DISPOSED, schema).pointer == "/eventType"


def test_an_event_type_that_is_taken_out_of_a_list_is_named() -> None:
    file = "in.hmpps.domain-event.v1.schema.json"
    schema = copied(file)
    gone = schema["properties"]["eventType"]["anyOf"][0]["enum"].pop()
    schema["properties"]["eventType"]["anyOf"].pop()
    named = found(file, schema)
    assert gone in [each.document["eventType"] for each in named]
    assert {each.pointer for each in named} == {"/eventType"}


def test_a_field_that_said_something_and_is_not_read_is_named() -> None:
    schema = copied(DISPOSED)
    del schema["properties"]["eventType"], schema["properties"]["substance"]
    named = {each.pointer: each for each in found(DISPOSED, schema)}
    assert set(named) == {"/eventType", "/substance"}
    assert "substance" in named["/substance"].document


def test_a_change_of_what_schemas_share_is_named_in_each_that_refers_to_it() -> None:
    schema = copied(SHARED)
    schema["$defs"]["needs"]["maxItems"] = 50
    liaison = "in.liaison.liaison-diversion.screened.v1.schema.json"
    before = {file: NOW[file] for file in (SHARED, DISPOSED, liaison, REPLY)}
    named = [*breaks(before, {**before, SHARED: schema})]
    assert {each.file for each in named} == {DISPOSED, liaison}
    assert {each.pointer for each in named} == {"/needs"}
    assert {len(each.document["needs"]) for each in named} == {100}


def test_growth_passes() -> None:
    schema = copied(DISPOSED)
    schema["properties"]["interviewed"] = {"type": "boolean"}
    schema["required"].remove("outcome")
    schema["properties"]["outcome"]["pattern"] = "."
    more = {**NOW, DISPOSED: schema, "in.hostels.hostels.bed.made.v1.schema.json": copied(DISPOSED)}
    assert [*breaks(NOW, more)] == []


def test_a_referral_that_the_last_release_refuses_is_named_though_nothing_is_refused() -> None:
    """A provider's program that was made by the last release could not read it."""
    schema = copied(REFERRAL)
    schema["required"].remove("respond_by")
    (one,) = found(REFERRAL, schema)
    assert "may be sent now" in one.what
    assert "respond_by" not in one.document
    schema = copied(REFERRAL)
    schema["properties"]["handover"] = {"type": "string"}
    assert found(REFERRAL, schema) == []


def test_a_release_keeps_what_is_there_and_is_never_written_again(tmp_path: Path) -> None:
    kept = cut(EVENTS, tmp_path, "0.9.0")
    assert load(kept) == NOW
    with pytest.raises(FileExistsError):
        cut(EVENTS, tmp_path, "0.9.0")
    cut(EVENTS, tmp_path, "0.10.0")
    assert last_release(tmp_path) == tmp_path / "0.10.0"


def test_a_break_is_told_with_its_place_and_its_document() -> None:
    shown = str(Break(REPLY, "/reason", "was valid, and is not now", {"reason": "TOO_EARLY"}))
    assert shown.startswith(f"{REPLY}: /reason: was valid")
    assert json.loads(shown.splitlines()[1]) == {"reason": "TOO_EARLY"}
