"""What may happen to a referral, and who is told: values in, values out. No clock, no broker, no database."""
