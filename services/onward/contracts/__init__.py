"""The words every service shares: facts, contacts, situations, decisions, referrals, replies, questions, topics.

Nothing here runs anything: values in, values out, no clock, no I/O beyond reading `schemas/` once at start.
"""
