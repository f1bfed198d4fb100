"""Every metric that a process of any service can have."""

from onward.deployment.metric_families import families

__all__ = ["families"]
