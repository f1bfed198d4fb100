"""Intake turns whatever a partner sends into one canonical contact for each person in it, or says why not.

Consumes: every `in.<source>`, in the partner's own format and envelope.
Publishes: `contacts`.
Owns: nothing.
Never: guesses. An identifier that does not check is absent, a code that nobody knows is parked or passed on as unknown,
and what cannot be read is parked whole. No bytes stop a partition.
"""
