"""`onward rules keys`."""

from pathlib import Path
from typing import Annotated

import typer

from onward.cli.errors import misused
from onward.cli.render.output import as_json
from onward.cli.rules.options import AsJson

keys = typer.Typer(no_args_is_help=True, help="Keys to sign rules with.")


@keys.callback()
def _keys() -> None:
    """Keep `new` a command of its own."""


@keys.command(short_help="Make a key, and the line for the trusted keys.")
def new(
    name: Annotated[str, typer.Argument(help="What the holder does, such as rules-author-1; never a person's name.")],
    *,
    role: Annotated[
        str,
        typer.Option(
            help="author, who proposes; approver, who agrees; matcher, who says whether two people are one; eraser, "
            "who says that a person is erased; or auditor, who signs checkpoints of the audit chains."
        ),
    ],
    out: Annotated[Path, typer.Option(help="Where to write the private key.", dir_okay=False)],
    json: AsJson = False,
) -> None:
    """
    Make a key: the private half into a file of your own, the public half as a line for the trusted keys.

    Put a passphrase into ONWARD_KEY_PASSPHRASE to have the private half sealed with it.
    """
    import base64

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from pydantic import ValidationError

    from onward.cli.rules.releases.signing_keys import write_private
    from onward.releases.signing import TrustedKey

    private = Ed25519PrivateKey.generate()
    public = base64.b64encode(private.public_key().public_bytes_raw()).decode()
    try:
        key = TrustedKey.model_validate({"name": name, "role": role, "public": public})
    except ValidationError as error:
        fault = error.errors(include_input=False, include_context=False, include_url=False)[0]
        misused(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}")
    try:
        write_private(out, private)
    except OSError as error:
        misused(f"{out} cannot be written: {error.strerror}")
    line = f"  - {{name: {key.name}, role: {key.role}, public: {key.public}}}"
    if json:
        as_json({"ok": True, "key": key.id, "name": key.name, "role": key.role, "public": key.public})
    else:
        typer.echo(line)
        typer.echo(
            f"The private key is in {out}: keep it to yourself. The line above goes into the trusted keys,", err=True
        )
        typer.echo("a file that begins with `schema: rule-keys/v1` and `keys:`.", err=True)
