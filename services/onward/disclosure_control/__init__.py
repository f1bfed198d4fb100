"""Statistical disclosure control: small numbers are hidden so that nobody can work them out."""
