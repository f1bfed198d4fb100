"""Pages for data-protection officers, made of topic files and directory: what is processed, and who gets what."""

from collections.abc import Iterable, Mapping
from typing import Final

from onward.contracts.topics import TopicFile
from onward.directory.model import Directory, Profile

RECORD: Final = "record-of-processing.md"
SHARING: Final = "sharing.md"
_MADE: Final = "<!-- Made of schemas/topics/ and schemas/directory/ by `make schemas`: not to be edited. -->"
_RECORD_HEAD: Final = f"""\
# Record of processing

{_MADE}

What a record under UK GDPR article 30 asks of the software: which kinds of records there are, who makes and \
reads them, how strong the personal data in them is and how long they are kept. Controllers, contacts, purposes \
and transfers abroad are the operator's to add: nothing here sends anything abroad by itself.

**Personal data** is the strongest that a record can hold: `identifying` names somebody in the clear, `sealed` \
holds it encrypted under a key of the person's own, `pseudonymous` holds ids and facts without who it is about, \
`none` nobody.

Beside topics there are tables: of `people` (what was said about whom, names sealed), of `tracking` (referrals, \
questions and cases, names sealed), and the keys of persons. Nothing erases rows by age: they stay until [the \
person is erased](../guides/erasing-a-person.md).

| Topic | What it is | Made by | Read by | Personal data | Kept |
|---|---|---|---|---|---|
"""
_SHARING_HEAD: Final = f"""\
# Who gets what

{_MADE}

What a sharing agreement is about, as the software does it: for each partner what it is told, for each kind of \
provider which fields it sees and why. What is not listed never reaches it.

## Partners

Each sends on its own topic and is told what became of it, of questions to it, and of what could not be read. It \
knows the person by its own reference.

| Partner | Is told of its own contacts, and beside them the status of referrals for |
|---|---|
"""


def processing_pages(files: Mapping[str, TopicFile], directory: Directory) -> dict[str, str]:
    """Both pages, by file name."""
    return {RECORD: _record(files.values()), SHARING: _sharing(files, directory)}


def _record(files: Iterable[TopicFile]) -> str:
    rows = [
        f"| `{file.name}` | {' '.join(file.description.split())} | {_listed(file.producers)} | "
        f"{_listed(file.consumers)} | {file.personal_data} | "
        f"{'the newest of each key' if file.compacted else f'{file.retention_days} days'} |"
        for file in sorted(files, key=lambda each: each.name)
    ]
    return _RECORD_HEAD + "\n".join([*rows, ""])


def _sharing(files: Mapping[str, TopicFile], directory: Directory) -> str:
    partners = [file for file in files.values() if file.name.startswith("in.")]
    rows = [
        f"| `{file.name.removeprefix('in.')}` | {_listed(file.told_of)} |"
        for file in sorted(partners, key=lambda each: each.name)
    ]
    of_profiles = [
        line
        for name, profile in sorted(directory.profiles.items())
        for line in _profile(profile, sorted(each.id for each in directory.providers.values() if each.profile == name))
    ]
    return _SHARING_HEAD + "\n".join([*rows, "", "## Providers, by profile", "", *of_profiles])


def _profile(profile: Profile, providers: list[str]) -> Iterable[str]:
    yield f"### {profile.name}"
    yield ""
    yield f"{' '.join(profile.why.split())}."
    yield ""
    yield f"- Sees: {_listed(profile.fields)}."
    for field, values in sorted(profile.only.items()):
        yield f"- `{field}` only where it is {_listed(values)}."
    if profile.never:
        yield f"- Never: {', '.join(profile.never)}."
    yield f"- Providers: {_listed(providers)}."
    yield ""


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names) or "none"
