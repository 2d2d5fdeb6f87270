"""The bank: how people ask for each act of the bot, and for each fact of a clause. Data, read from `bank.json`."""

import hashlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from handlers.clause_facts.facts import Fact
from policies.library.data_files import read_data_file

_FILE = Path(__file__).parent / "bank.json"


class Act(BaseModel):
    """Something the bot does.

    Attributes:
        wish: what the writer wants, after 您是想. It is "" if the act only answers a courtesy, for that is not offered.
        sends: the words that do it, as a command, the likeliest first.
        changes: it changes or begins something. Then it is offered, never done by meaning alone.
        wordings: how people ask for it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    wish: str
    sends: tuple[str, ...]
    changes: bool
    wordings: tuple[str, ...]


class FactAsked(BaseModel):
    """A fact of the clause in focus.

    Attributes:
        tells: the fact that is told (`clause_facts.facts.Fact`); two names may tell one (when it opens, when it closes).
        wordings: how people ask for it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    tells: Fact
    wordings: tuple[str, ...]


class Bank(BaseModel):
    """The acts and the facts."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    acts: tuple[Act, ...]
    facts: tuple[FactAsked, ...]

    @property
    def rows(self) -> Sequence[Act | FactAsked]:
        """Return all acts and facts. Their weights in the rule have this order."""
        return (*self.acts, *self.facts)


@cache
def load_bank() -> Bank:
    """Return the bank that comes with the program.

    Raises:
        policies.library.data_files.DataFileError: the file can't be used.
    """
    return read_data_file(_FILE, Bank)


def digest_of_bank() -> str:
    """Return a digest of the bank. A rule keeps it, to say which bank it was fitted on."""
    return hashlib.sha256(load_bank().model_dump_json().encode()).hexdigest()[:16]
