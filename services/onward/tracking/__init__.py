"""
Tracking owns the life of every referral.

Consumes `decisions`, `receipts`, `replies.<provider>`, `approvals` and `erased-persons`; follows `rulesets`. Publishes
`deliveries`, `withdrawals`, `status.<source>`, `questions.<source>`, `escalations`, `referral-events`, and of whom it
erased `tombstones` and `erasure-reports`. Owns the referral ledger, in PostgreSQL. Opens a partner's own reference to
write to that partner, and for nothing else. Never opens a sealed identity, never chooses a provider and never changes
what a rule decided.
"""
