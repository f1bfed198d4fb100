"""Text from strangers on a person's terminal."""


def visible(text: str) -> str:
    """*text* with every control character but line breaks and tabs spelled out: a message must not steer a terminal."""
    return "".join(
        char if char.isprintable() or char in "\n\t" else char.encode("unicode_escape").decode() for char in text
    )


def in_json(text: str) -> str:
    """A JSON *text* with every character of its strings that a terminal does not print written as JSON's escape."""
    return "".join(char if char.isprintable() or char == "\n" else _escaped(char) for char in text)


def _escaped(char: str) -> str:
    units = char.encode("utf-16-be", errors="surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))
