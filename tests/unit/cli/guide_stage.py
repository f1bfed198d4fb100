"""An author's desk: a copy of the project's rules, the keys of two people, and what is live already."""

import shlex
import shutil
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bench.national_year import __main__ as national_year
from onward.cli.main import app
from onward.cli.rules.releases.proposals import packed
from onward.cli.rules.releases.releasing import signed_by, statement_after
from onward.cli.rules.releases.signing_keys import signer
from onward.contracts import paths
from onward.contracts.ruleset import Change, Release, ShadowDifference
from onward.releases.chain import Releases
from onward.releases.signing import sign
from unit.cli.guide_reading import Step, printed_as
from unit.cli.rulesets_in_memory import RulesetsInMemory

TRUSTED = Path("trusted.yaml")


class Desk:
    """A folder in which somebody follows the guide."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        shutil.copytree(paths.schemas(), folder / "schemas")
        patch.chdir(folder)
        patch.setenv("ONWARD_SCHEMAS", str(folder / "schemas"))
        patch.setenv("ONWARD_RULE_KEYS", str(TRUSTED))
        patch.setenv("ONWARD_KAFKA_BOOTSTRAP", "nowhere:9092")
        self.topic = RulesetsInMemory()
        self.topic.take_the_place_of_kafka(patch)
        self._make_keys()
        self._publish_what_is_there()

    def _make_keys(self) -> None:
        lines = [
            self.onward("rules", "keys", "new", f"rules-{role}-1", "--role", role, "--out", f"{role}.key").stdout
            for role in ("author", "approver")
        ]
        TRUSTED.write_text("schema: rule-keys/v1\nkeys:\n" + "".join(lines), encoding="utf-8")

    def _publish_what_is_there(self) -> None:
        author, approver = (signer(Path(f"{role}.key"), TRUSTED) for role in ("author", "approver"))
        rules, directory = packed(None, None, json=False)
        pair = (rules.sha256, directory.sha256)
        statement = statement_after(Releases(author.trusted), "publish", pair, "The rules to start with")
        signatures = (*signed_by(statement, author).signatures, sign(statement, "approver", approver.private))
        self.topic.contents |= {(each.kind, each.sha256): each for each in (rules, directory)}
        self.topic.releases.append(Release(statement=statement, signatures=signatures))

    def do(self, step: Step) -> Result | None:
        """Write the file of a step, or run its command; None where there is nothing of Onward's to run."""
        if step.path:
            with Path(step.path).open("a" if step.appends else "w", encoding="utf-8") as file:
                file.write(step.text)
            return None
        command, _, into = step.command.partition(" >> ")
        program, *arguments = shlex.split(command)
        if program == "cp":
            _, old, new = arguments
            shutil.copytree(old, new)
            return None
        if program == "make":
            assert arguments[0] == "year", f"line {step.line} of the guide: {step.command}"
            named = dict(each.split("=", 1) for each in arguments[1:])
            with redirect_stdout(StringIO()) as printed:
                assert national_year.main([named["OUT"], named["SITUATIONS"]]) == 0
            assert printed_as(step.text, printed.getvalue()), printed.getvalue()
            return None
        assert program == "onward", f"line {step.line} of the guide: {step.command}"
        if "impact" in arguments:
            arguments += ["--workers", "1"]  # what it says is the same, without processes to start
        done = self.onward(*arguments)
        if not into:
            return done
        with Path(into).open("a", encoding="utf-8") as file:
            file.write(done.stdout)
        return None

    def onward(self, *arguments: str) -> Result:
        """Run a command."""
        return CliRunner().invoke(app, arguments)

    def the_shadow_differs(self, count: int) -> None:
        """Let the bundle in the shadow have referred so many people whom the live one did not."""
        live, shadow = self.topic.releases[0].statement, self.topic.releases[-1].statement
        gained = Change(
            kind="gained",
            category="SUBSTANCE_ALCOHOL",
            rule="before-release-treatment-alcohol",
            provider="birmingham-alcohol-treatment",
        )
        self.topic.differences += [
            ShadowDifference(
                decision_id=f"decision-{number}",
                situation_id=f"situation-{number}",
                person="pseudonym",
                live_rules=live.rules,
                live_directory=live.directory,
                shadow_rules=shadow.rules,
                shadow_directory=shadow.directory,
                changes=(gained,),
            )
            for number in range(count)
        ]
