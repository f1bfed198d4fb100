"""Onward: events about people in contact with the justice system in, explained referrals out."""

__version__ = "0.1.0"
