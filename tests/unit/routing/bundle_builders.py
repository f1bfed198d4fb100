"""Keys, contents and releases as tests need them."""

import base64
import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from onward.chassis.kafka.following import Refused
from onward.chassis.record import Received
from onward.contracts import paths
from onward.contracts.ruleset import Action, Content, Release, Role, Ruleset, Statement
from onward.releases.contents import Files, key_of, pack_directory
from onward.releases.signing import TrustedKey, TrustedKeys, digest, release_key, sign
from onward.routing.domain.diagnostics import SourceFile
from onward.routing.domain.publishing.contents import pack_rules
from unit.routing.routing_builders import BASES, HOUSING, rule_file

AT = datetime(2026, 3, 4, 12, tzinfo=UTC)


def a_key(seed: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(seed.encode()).digest())


AUTHOR, APPROVER, SECOND_AUTHOR, STRANGER = (a_key(each) for each in ("author", "approver", "second", "stranger"))


def trusted(private: Ed25519PrivateKey, name: str, role: Role, **more: Any) -> TrustedKey:
    public = base64.b64encode(private.public_key().public_bytes_raw()).decode()
    return TrustedKey(name=name, role=role, public=public, **more)


def keys(*given: TrustedKey) -> TrustedKeys:
    usual = (
        trusted(AUTHOR, "rules-author-1", "author"),
        trusted(SECOND_AUTHOR, "rules-author-2", "author"),
        trusted(APPROVER, "rules-approver-1", "approver"),
    )
    return {key.id: key for key in given or usual}


def key_file(*given: TrustedKey) -> str:
    """As it stands in the file of trusted keys."""
    lines = [f"  - {{name: {key.name}, role: {key.role}, public: {key.public}}}" for key in keys(*given).values()]
    return "\n".join(["schema: rule-keys/v1", "keys:", *lines, ""])


def directory_of_the_project() -> Files:
    folder = paths.schemas() / "directory"
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.yaml"))}


def rules(text: str = HOUSING) -> Content:
    return pack_rules([SourceFile("bases.yaml", BASES.encode()), rule_file("need", text)])


def directory(files: Mapping[str, bytes] | None = None) -> Content:
    return pack_directory(directory_of_the_project() if files is None else files)


def a_statement(number: int = 1, *, action: Action = "publish", **more: Any) -> Statement:
    usual: dict[str, Any] = {
        "action": action,
        "number": number,
        "rules": "a" * 64,
        "directory": "b" * 64,
        "previous": "",
        "why": "a test",
        "made_on": AT,
    }
    return Statement(**(usual | more))


def following(before: Release) -> str:
    """What the release after *before* names as the one before it."""
    return digest(before.statement)


def signed(
    statement: Statement, author: Ed25519PrivateKey | None = AUTHOR, approver: Ed25519PrivateKey | None = APPROVER
) -> Release:
    made = [sign(statement, "author", author)] if author else []
    made += [sign(statement, "approver", approver)] if approver else []
    return Release(statement=statement, signatures=tuple(made))


def of(content: Content, listed: Content, number: int = 1, **more: Any) -> Statement:
    """A statement about these two."""
    return a_statement(number, rules=content.sha256, directory=listed.sha256, **more)


class Topic:
    """The topic of rule sets, in memory; what a view refuses is listed."""

    def __init__(self) -> None:
        self.log: list[Received[Ruleset]] = []
        self.records: dict[str, Received[Ruleset]] = {}
        self.refused: list[str] = []

    def put(self, view: Any, body: Ruleset, *, key: str = "") -> None:
        """One more record, taken by *view*."""
        own = key_of(body.content) if body.content else release_key(body.release) if body.release else ""
        record = Received(body, "rulesets", key or own, AT, len(self.log), 0)
        self.log.append(record)
        self.give(view, record)

    def give(self, view: Any, record: Received[Ruleset]) -> None:
        """*record*, taken by *view*, as the chassis does it."""
        try:
            view.take(record)
        except Refused as why:
            self.refused.append(why.reason)
        else:
            self.records[record.key or ""] = record

    def compacted(self) -> list[Received[Ruleset]]:
        """What compaction leaves: of each key the last record, where it stood."""
        last = {record.key: record.offset for record in self.log}
        return [record for record in self.log if last[record.key] == record.offset]

    async def latest(self, key: str) -> Received[Ruleset] | None:
        return self.records.get(key)

    def place(self, key: str) -> int | None:
        found = self.records.get(key)
        return None if found is None else found.offset
