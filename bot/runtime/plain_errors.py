"""Errors that the person who runs a command can mend: printed on one line, without a stack."""

import errno

from bot.runtime.data_folder import FolderInUseError, FolderUnusableError
from bot.runtime.listening import PortTakenError
from bot.runtime.process import BadSettingsError, NoDatabaseError
from bot.runtime.valkey import NoValkeyError
from bot.schema.current import SchemaBehindError
from bot.upkeep.backups import BackupError
from policies.library.data_files import DataFileError
from policies.library.library_file import LibraryFileError

_CODES: dict[type[Exception], int] = {
    BackupError: 1,
    BadSettingsError: 2,
    LibraryFileError: 1,
    DataFileError: 1,
    FolderInUseError: 1,
    FolderUnusableError: 1,
    NoDatabaseError: 1,
    NoValkeyError: 1,
    PortTakenError: 1,
    SchemaBehindError: 1,
}


_OF_THE_MACHINE = frozenset(
    {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.ENODEV}
)
"""A file that may not be written, a full disk: a stack would not explain them."""


def exit_code(error: Exception) -> int | None:
    """Return the exit code of such an error: 2 for a wrong setting, otherwise 1; None for any other error."""
    if isinstance(error, OSError) and (error.errno in _OF_THE_MACHINE or error.filename is not None):
        return 1  # what names its file explains itself: a directory in its place, no such folder, a name too long
    return next((code for kind, code in _CODES.items() if isinstance(error, kind)), None)
