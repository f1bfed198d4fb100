"""Where the keys are that wrap persons' keys: in a file or the environment, or in Vault, as the secret's text says."""

import ssl
from pathlib import Path
from urllib.parse import urlsplit

from onward.chassis.secret_values import keys_in
from onward.chassis.security.envelope import Use
from onward.chassis.security.transit import SCHEME, TransitKeys
from onward.chassis.security.wrapping import LocalKeys, WrappingKeys


def wrapping_keys(use: Use, text: str, *, token: str | None, authority: Path | None) -> WrappingKeys:
    """
    What *text* says: keys in base64, one a line, or `vault+https://HOST:PORT/MOUNT/KEY`.

    Args:
        use: What is wrapped.
        text: Of the secret.
        token: With which Vault is asked.
        authority: A file with the certificates that Vault's is signed by; None for those that the machine trusts.

    Raises:
        ValueError: It says neither, or Vault without a token.
        OSError: The file of the authority cannot be read.
    """
    if not text.startswith(SCHEME):
        return LocalKeys(use, keys_in(text))
    where = urlsplit(text.strip())
    if not where.hostname or where.path.strip("/").count("/") < 1:
        raise ValueError("is no address of a key: write vault+https://HOST:PORT/MOUNT/KEY")
    if not token:
        raise ValueError("is in Vault: set ONWARD_VAULT_TOKEN_FILE")
    tls = None if where.scheme == SCHEME else ssl.create_default_context(cafile=authority)
    return TransitKeys(use, text.strip(), token, tls)
