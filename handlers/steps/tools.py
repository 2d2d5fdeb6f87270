"""What the steps work with: the services, the table of commands, and the readers of texts."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from handlers.answer_cache import AnswerCache
from handlers.conversation.follow_ups.follow_ups import FollowUps
from handlers.framework.context import Context
from handlers.framework.edition import Edition
from handlers.framework.registry import FreeText
from handlers.framework.sounds_like import NamesBySound
from handlers.parsed_message import MessageReader
from handlers.reminder_requests.reading import TrackWish, WishReader
from handlers.table import Table
from policies.company_facts.reading.fact_reader import FactReader
from policies.library.models import TrackList
from policies.search.index import PolicyIndex
from policies.search.words.text_cache import cache_by_text

_LEVEL = re.compile(r"^(?:省|市|区|县)")

_TEXTS_KEPT = 10_000

FreeTextRead = tuple[FreeText | None, object]
"""The row of free texts that fits a message, and what it read."""


@dataclass(slots=True)
class Tools:
    """The same for all messages of a router.

    Attributes:
        context: the services.
        table: the commands, dialogues and free texts.
        reader: reads the words of commands.
        answers: asks the library and the sentence model.
        follow_ups: reads what a message says of the screen.
    """

    context: Context
    table: Table
    reader: MessageReader
    answers: AnswerCache
    follow_ups: FollowUps
    _tracks: TrackList | None = None
    _wishes: WishReader = field(default_factory=lambda: WishReader(()))
    _read_for: tuple[Edition, FactReader] | None = None
    _read: Callable[[str], FreeTextRead] = lambda _text: (None, None)
    _index: PolicyIndex | None = None
    _names: NamesBySound = field(default_factory=lambda: NamesBySound(()))

    def wishes_of(self, text: str) -> tuple[TrackWish, ...]:
        """Return the subjects whose reminders the writer wants or no longer wants, in other words than a command."""
        tracks = self.context.knowledge.index.tracks
        if tracks is not self._tracks:
            self._tracks, self._wishes = tracks, WishReader(tracks.tracks)
        return self._wishes.read(text)

    def free_text(self, text: str, edition: Edition) -> FreeTextRead:
        """Return the row of free texts that fits a message, and what it read.

        The rows read the text, the library, the rules of the match and the year. So their reading is kept for a text.
        """
        state = (edition, self.context.matching.reader)
        if self._read_for is None or any(
            old is not new for old, new in zip(self._read_for, state, strict=True)
        ):
            self._read_for, self._read = state, cache_by_text(self._free_text, _TEXTS_KEPT)
        return self._read(text)

    def _free_text(self, text: str) -> FreeTextRead:
        for row in self.table.free_texts:
            said = row.reads(text, self.context)
            if said is not None:
                return row, said
        return None, None

    def names_by_sound(self, index: PolicyIndex) -> NamesBySound:
        """Return the names of departments and tracks by their sound."""
        if self._index is not index:
            self._index = index
            offices = (_LEVEL.sub("", one.name) for one in index.departments)
            self._names = NamesBySound((*offices, *(one.name for one in index.tracks.tracks)))
        return self._names
