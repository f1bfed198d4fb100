"""How rules and directory travel: packed, signed, one release after the other; which of them counts."""
