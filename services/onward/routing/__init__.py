"""
Routing: who should help this person, on what legal basis, and why.

Consumes `situations`, publishes `decisions`. Owns the rule language and its engine, and which rules and directory are
live: it follows `rulesets`, and takes what two people signed there between two records. Until something is published,
what `schemas/` holds decides. It never keeps anything about a person, never lets a clock into a decision, never asks
another service: the same situation with the same rules and directory gives the same decision, byte for byte.
"""
