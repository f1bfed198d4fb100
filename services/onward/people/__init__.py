"""
People keeps what is known about each person, and adds it to every contact.

Consumes `contacts`, `match-decisions` and `erasures`. Publishes `situations`, `match-questions`, `feedback.<source>` on
what it parks, and `erased-persons`, `tombstones` and `erasure-reports` of whom it erased. Owns person keys, links
between numbers, merges and partings, facts with their source and time, consents, and the sealed identity. Never decides
who should help; never publishes or stores an identity in the clear.
"""
