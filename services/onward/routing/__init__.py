"""
Routing: who should help this person, on what legal basis, and why.

Consumes `situations`, publishes `decisions`. Owns the rule language and its engine; reads the rule files and the
provider directory under `schemas/` once, at start. It never keeps anything about a person, never reads a clock, never
asks another service: the same situation with the same rules and directory gives the same decision, byte for byte.
"""
