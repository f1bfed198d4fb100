"""
The audit chain as values: how records are bound to each other, how checkpoints are signed, and what an auditor checks.

Nothing here reads a topic, a file or a clock. `docs/audit.md` says what it proves, and against whom.
"""
