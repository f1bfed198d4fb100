"""
Dispatch: cuts each referral down to what its recipient may see, and sends it.

Consumes `deliveries`; follows `rulesets`. Publishes `referrals.<provider>` and, for every delivery, one record on
`receipts`. Owns the disclosure rule (what a profile does not name is not sent) and the channels. Holds no state: it
reads person keys from the `keyring`, one query per batch.
Never sends to a provider without a profile, never sends what it cannot lawfully send, and never drops in silence:
what is not sent is refused, with the reason, on `receipts`.
"""
