"""Text from strangers on a person's terminal."""


def visible(text: str) -> str:
    """*text* with every control character but line breaks and tabs spelled out: a message must not steer a terminal."""
    return "".join(
        char if char.isprintable() or char in "\n\t" else char.encode("unicode_escape").decode() for char in text
    )
