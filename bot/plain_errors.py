"""Errors that whoever runs a command can mend: one line each, no stack."""

from bot.backups import BackupError
from bot.data_folder import FolderInUseError
from bot.listening import PortTakenError
from bot.process import BadSettingsError, NoDatabaseError
from bot.schema import SchemaBehindError
from bot.valkey import NoValkeyError
from policies.compendium import CompendiumError
from policies.data_files import DataFileError

_CODES: dict[type[Exception], int] = {
    BackupError: 1,
    BadSettingsError: 2,
    CompendiumError: 1,
    DataFileError: 1,
    FolderInUseError: 1,
    NoDatabaseError: 1,
    NoValkeyError: 1,
    PortTakenError: 1,
    SchemaBehindError: 1,
}


def exit_code(error: Exception) -> int | None:
    """The exit code of such an error, 2 for a wrong setting; None for any other."""
    return next((code for kind, code in _CODES.items() if isinstance(error, kind)), None)
