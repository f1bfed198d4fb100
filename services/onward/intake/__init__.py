"""Intake turns whatever a partner sends into one canonical contact for each person in it, or says why not.

Consumes `in.<source>`; publishes `contacts`. Owns nothing. Never guesses: an identifier that does not check is absent,
a code that nobody knows is parked or passed on as unknown, and what cannot be read is parked whole.
"""
