"""What `people` reads from its environment beside every service's own."""

from onward.chassis.key_settings import MasterKeySettings, PepperSettings, ReferenceKeySettings
from onward.chassis.releases.settings import KeySettings


class PeopleSettings(PepperSettings, MasterKeySettings, ReferenceKeySettings, KeySettings):
    """It makes pseudonyms and persons' keys: the one service that has every secret but the mending key."""


Settings = PeopleSettings
