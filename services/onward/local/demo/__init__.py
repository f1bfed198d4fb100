"""The demo: a synthetic day of events, played on the real stack, told in words and accounted for to the last record."""
