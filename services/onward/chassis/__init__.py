"""
How any Onward service runs: exactly once, counted, parked where it fails, watched, and stopped cleanly.

A service author writes a decision, declares a hop (`processing.hop`) and a service (`service`); the rest is here.
"""
