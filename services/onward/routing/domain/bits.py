"""Small numbers kept as the bits of one large number: which they are."""

_WIDTH = 512
_BITS = tuple(1 << place for place in range(_WIDTH))


def numbers_in(bits: int) -> tuple[int, ...]:
    """
    The numbers of the bits that are set, lowest first.

    The cost goes by how many are set, hardly by how large the number is: they are taken off from the top, in parts
    that are short enough for that to be cheap.
    """
    found: list[int] = []
    while bits:
        start = (bits.bit_length() - 1) // _WIDTH * _WIDTH
        part = bits >> start
        bits ^= part << start
        while part:
            place = part.bit_length() - 1
            part ^= _BITS[place]
            found.append(start + place)
    found.reverse()
    return tuple(found)
