"""
Tracking owns the life of every referral.

Consumes `decisions`, `receipts`, `replies.<provider>` and `approvals`. Publishes `deliveries`, `status.<source>`,
`questions.<source>`, `escalations` and `referral-events`. Owns the referral ledger, in PostgreSQL.
Never opens a sealed identity, never chooses a provider and never changes what a rule decided.
"""
