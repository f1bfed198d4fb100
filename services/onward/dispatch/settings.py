"""What `dispatch` reads from its environment beside every service's own."""

from onward.chassis.key_settings import MasterKeySettings
from onward.chassis.releases.settings import ReleaseSettings


class DispatchSettings(MasterKeySettings, ReleaseSettings):
    """It opens identities for providers, and no partner's reference."""


Settings = DispatchSettings
