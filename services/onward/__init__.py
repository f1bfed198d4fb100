"""Onward: events about people in contact with the justice system in, explained referrals out."""

import gc

# Most of what a process makes it keeps: what it imports, rules, directories. Looking for cycles in it every seven
# hundred objects, as Python does by itself, takes up to a tenth of a start.
gc.set_threshold(50_000, 20, 100)

__version__ = "0.1.0"
