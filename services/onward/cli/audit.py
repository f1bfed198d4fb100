"""`onward audit`: put the audit chains under a signed checkpoint, write them out, and check what was written out."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from onward.cli.errors import failed, in_a_document, kafka_failed, misused, staff_name
from onward.cli.render.output import as_json as printed
from onward.cli.render.output import visible
from onward.cli.rules.releases.signing_keys import MyKey, Trusted, read_trusted, signer
from onward.cli.topics import Bootstrap

if TYPE_CHECKING:
    from collections.abc import Coroutine

audit = typer.Typer(no_args_is_help=True, help="What was done, by whom, bound so that nobody can change it unseen.")

_Files = Annotated[
    list[Path],
    typer.Argument(metavar="LOG", hidden=True, exists=True, dir_okay=False),
]
_After = Annotated[int, typer.Option(metavar="NUMBER", help="Begin with this checkpoint, not with the first.", min=0)]
_Json = Annotated[bool, typer.Option("--json", help="Print exactly one JSON object.", callback=in_a_document)]


@audit.command("checkpoint", short_help="Sign what stands on every chain now.")
def checkpoint_(
    *,
    bootstrap: Bootstrap,
    key: MyKey,
    keys: Trusted,
    accept_breaks: Annotated[
        bool,
        typer.Option("--accept-breaks", help="Sign although a chain is broken; what and who is in the checkpoint."),
    ] = False,
    by: Annotated[str, typer.Option(help="Your own user name, with --accept-breaks: it is recorded.")] = "",
    as_json: _Json = False,
) -> None:
    """
    Read every chain on from the last checkpoint, see that nothing is missing and nothing was put in, and sign it.

    Where a chain is broken nothing is signed, an alert is raised, and the exit code is 1. Run it every few minutes,
    with a key of the role auditor that no service and nobody who writes to the chains holds.
    """
    from onward.audit.verifying import told
    from onward.cli.audit_topics import NotTrustedError, sign_checkpoint
    from onward.releases.signing import RefusedError

    if accept_breaks:
        staff_name("--by", by)
    me = signer(key, keys, role="auditor")
    try:
        found, made = _done(
            bootstrap, sign_checkpoint(bootstrap, me.private, me.trusted, accepted_by=by if accept_breaks else None)
        )
    except (NotTrustedError, RefusedError) as error:
        failed(f"the newest checkpoint cannot be built upon: {error}")
    wrong = [*map(told, found.chains.window.breaks), *found.passed_over]
    if made is None:
        failed("nothing was signed (docs/runbooks.md#audit-chain-broken):\n" + "\n".join(f"  {each}" for each in wrong))
    from onward.audit import chain, checkpoint

    digest = chain.digest(checkpoint.content(made))
    if as_json:
        document = {"ok": True, "number": made.number, "digest": digest, "records": made.records, "acts": made.entries}
        printed({**document, "accepted": wrong})
        return
    typer.echo(f"Checkpoint {made.number}: {made.records} records, {made.entries} acts. Digest {digest}")
    for each in wrong:
        typer.echo(visible(f"  accepted by {by}: {each}"))


@audit.command(short_help="Write the chains and their checkpoints to a file.")
def export(
    out: Annotated[Path, typer.Argument(help="Where to; must not be there yet.", dir_okay=False)],
    *,
    bootstrap: Bootstrap,
    after: _After = 0,
) -> None:
    """
    Write every record that is under a checkpoint, and the checkpoints, one a line, to a file to be checked elsewhere.

    The file holds nothing of a person referred: ids that tell nothing, codes, digests, and names of members of staff.
    """
    import os

    from onward.cli.audit_topics import export as written

    try:
        descriptor = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        misused(f"{out} cannot be written: {error.strerror}")
    with os.fdopen(descriptor, "wb") as file:
        told = _done(bootstrap, written(bootstrap, file, after=after))
    if not told.checkpoints:
        out.unlink()
        failed("there is no such checkpoint: `onward audit checkpoint` makes the next")
    typer.echo(f"{told.records} records and {told.checkpoints} checkpoints, up to number {told.newest}: {told.digest}")


@audit.command(short_help="Check that nothing of an exported log was changed, taken away, put in or moved.")
def verify(
    files: _Files,
    *,
    keys: Trusted,
    after: _After = 0,
    known: Annotated[
        str | None, typer.Option(metavar="DIGEST", help="Of a checkpoint that you noted: it must be in the log.")
    ] = None,
    as_json: _Json = False,
) -> None:
    """
    Check files that `export` wrote, in their order, without any server.

    The exit code is 0 only if every bit of them is as it was signed.

    That a log ends too early nobody can see without knowing a later checkpoint: give the digest of one with --known.
    """
    from onward.audit.verifying import Verifier

    verifier = Verifier(read_trusted(keys), after=after)
    for line in _lines(files):
        verifier.take(line)
    findings = verifier.end(known=known)
    newest = verifier.newest
    if as_json:
        counted = {"records": verifier.records, "acts": verifier.acts, "checkpoints": verifier.checkpoints}
        found = [{"line": each.line, "fault": each.fault, "detail": each.detail} for each in findings]
        accepted = [each.model_dump(mode="json") for each in verifier.accepted]
        printed({"ok": not findings, **counted, "findings": found, "accepted": accepted})
    else:
        for each in findings:
            typer.echo(visible(f"line {each.line}: {each.fault}: {each.detail}"))
        for broken in verifier.accepted:
            typer.echo(visible(f"looked into and signed for: record {broken.number} of {broken.writer}"))
        typer.echo(
            f"{verifier.records} records with {verifier.acts} acts under {verifier.checkpoints} checkpoints"
            + (f", the last of {newest.at:%Y-%m-%d %H:%M} UTC: " if newest is not None else ": ")
            + ("nothing was changed." if not findings else f"{len(findings)} findings.")
        )
    if findings:
        raise typer.Exit(1)


@audit.command(short_help="Show that one act is on record, without showing any other.")
def prove(
    id_: Annotated[str, typer.Argument(metavar="ID", help="Of a decision, a referral, a question or an erasure.")],
    files: _Files,
    *,
    out: Annotated[Path | None, typer.Option(help="Where to; standard output by default.", dir_okay=False)] = None,
) -> None:
    """Write a proof for each act on ID in exported files, one a line: the act, and the way to a signed checkpoint."""
    from onward.audit.proving import prove as proofs

    found = proofs(_lines(files), id_)
    if not found:
        failed("nothing on this id is in these files under a checkpoint")
    text = "".join(each.model_dump_json(exclude_defaults=True) + "\n" for each in found)
    if out is None:
        typer.echo(text, nl=False)
    else:
        out.write_text(text)


@audit.command("verify-proof", short_help="Check a proof that one act is on record.")
def verify_proof(
    proof: Annotated[Path, typer.Argument(help="As `prove` wrote it.", exists=True, dir_okay=False)], *, keys: Trusted
) -> None:
    """Check each proof of a file, without any server: exit code 0 only if every one holds."""
    from pydantic import ValidationError

    from onward.audit.proving import check_proof
    from onward.contracts.audit import InclusionProof
    from onward.releases.signing import RefusedError

    trusted, lines = read_trusted(keys), proof.read_bytes().splitlines()
    if not lines:
        misused(f"{proof} holds no proof")
    for number, line in enumerate(lines, 1):
        try:
            read = InclusionProof.model_validate_json(line)
            held = check_proof(read, trusted)
        except ValidationError:
            failed(f"line {number} is no proof, as `onward audit prove` writes it")
        except RefusedError as error:
            failed(f"line {number}: {error.detail}")
        if not held:
            failed(f"line {number}: the act is not under the checkpoint that it names")
        where = f"record {read.number} of {read.writer}, checkpoint {read.checkpoint.number}"
        typer.echo(visible(f"{read.entry.act} {read.entry.id}: {where} of {read.checkpoint.at:%Y-%m-%d %H:%M} UTC"))


def _lines(files: list[Path]) -> Iterator[bytes]:
    """Every line of all files; the checkpoint with which one ends may stand at the head of the next once more."""
    last = b""
    for path in files:
        with path.open("rb") as file:
            for number, line in enumerate(file):
                if number or line != last:
                    yield line
                last = line


def _done(bootstrap: str, work: "Coroutine[Any, Any, Any]") -> Any:
    import asyncio

    from aiokafka.errors import KafkaError

    try:
        return asyncio.run(work)
    except (KafkaError, OSError, TimeoutError) as error:
        kafka_failed(bootstrap, error, hint=". Are the topics there (`onward topics`)?")
