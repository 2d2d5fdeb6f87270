"""The secret key of this installation."""

from bot.runtime.process import data_folder
from bot.runtime.settings import Settings


def secret_key(settings: Settings) -> bytes:
    """Return the key that signs links and cookies and hides openids: that of the settings, else of the data folder."""
    return settings.secret_key.get_secret_value().encode() or data_folder(settings).secret_key()
