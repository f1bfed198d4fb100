"""Intake turns whatever a partner sends into one canonical contact for each person in it, or says why not.

Consumes: every `in.<source>`, in the partner's own format and envelope.
Publishes: `contacts`, `feedback.<source>`.
Owns: nothing.
Never: guesses. An identifier that does not check is absent, a code that nobody knows is left out or passed on as
unknown, and what cannot be read at all is parked whole; the partner hears of both. No bytes stop a partition.
"""
