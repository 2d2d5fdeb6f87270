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
        wish: what the writer wants, behind 您是想; "" where it is not offered, for it only answers a courtesy.
        sends: the words that do it, as a command, the likeliest first.
        changes: it changes something, or begins something; it is offered, never done by meaning.
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
        """All of them; the order of their weights in the rule."""
        return (*self.acts, *self.facts)


@cache
def load_bank() -> Bank:
    """The bank that comes with the program.

    Raises:
        policies.library.data_files.DataFileError: the file can't be used.
    """
    return read_data_file(_FILE, Bank)


def digest_of_bank() -> str:
    """A digest of the bank, by which a rule says what it was fitted on."""
    return hashlib.sha256(load_bank().model_dump_json().encode()).hexdigest()[:16]
