"""Every service of a deployment."""

SERVICES = ("intake", "people", "routing", "tracking", "dispatch")
"""In the order of the flow. Each is started as `python -m onward.<name>`."""
