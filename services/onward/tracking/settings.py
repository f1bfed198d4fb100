"""What `tracking` reads from its environment beside every service's own."""

from onward.chassis.key_settings import ReferenceKeySettings
from onward.chassis.releases.settings import ReleaseSettings


class TrackingSettings(ReferenceKeySettings, ReleaseSettings):
    """It writes to partners under their own references, and opens nothing else."""


Settings = TrackingSettings
