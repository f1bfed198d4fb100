"""Rehearsals: the whole of Onward in one process, without a server, and the scenarios that are played on it."""
