"""Reads the clauses of an index with the sentence model. Reading takes some ten milliseconds a passage, so vectors are kept.

What comes with the program was read before (`shipped_vectors`).
"""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import import_module
from typing import TypeVar

import structlog
from sqlalchemy import select

from policies.meanings.shipped_vectors import shipped_vectors
from policies.meanings.tables import PassageVector
from policies.search.index import PolicyIndex
from policies.search.meaning import (
    ClauseMeanings,
    Encoder,
    ModelText,
    load_encoder,
    readings_of,
    vectors_of,
)
from policies.search.vectors.groups import Vectors
from storage.sql.database import Database
from storage.sql.upsert import insert

_T = TypeVar("_T")
_log = structlog.get_logger(__name__)
_KNOWN_AT_ONCE = 500
_READ_AT_ONCE = 20
"""Texts that are read and kept together: less than a second of work is lost when the process ends."""
_PAUSE_S = 0.05
"""Between them, so that answers find the processor free."""
_MOST_TEXTS = 100_000
"""Texts of the largest library that is read by meaning: some 150 MB of vectors."""


class MeaningReader:
    """Makes what `PolicyIndex.with_meanings` takes. The model is loaded on first use.

    Args:
        database: where vectors are kept. None: they are not kept.
        progress: is told before each part how many of how many texts are read. It is not called if there is nothing to read.
    """

    def __init__(self, database: Database | None, progress: Callable[[int, int], None] | None = None) -> None:
        self._database = database
        self._progress = progress
        self._encoder: Encoder | None = None
        self._tried = False

    async def meanings_of(self, index: PolicyIndex) -> ClauseMeanings | None:
        """Return the vectors of an index's clauses. Return None if there is no model or nothing to read."""
        encoder = await self._loaded()
        policies, asked = index.library.policies, index.asked
        if encoder is None or not policies:
            return None
        texts = await asyncio.to_thread(texts_of, index)
        if len(texts) > _MOST_TEXTS:
            return None
        vectors = await asyncio.to_thread(shipped_vectors, texts.keys())
        vectors |= await self._known([key for key in texts if key not in vectors])
        unread = [reading for key, reading in texts.items() if key not in vectors]
        for at, some in enumerate(_parts(unread, _READ_AT_ONCE)):
            if self._progress is not None:
                self._progress(at * _READ_AT_ONCE, len(unread))
            read = await asyncio.to_thread(vectors_of, encoder, some)
            await self._keep(read)
            vectors |= read
            await asyncio.sleep(_PAUSE_S)
        _log.info("meanings.ready", texts=len(texts), read=len(unread))
        return await asyncio.to_thread(ClauseMeanings, encoder, policies, vectors, asked)

    async def _loaded(self) -> Encoder | None:
        if not self._tried:
            self._encoder = await asyncio.to_thread(load_encoder)
            self._tried = True
        return self._encoder

    async def _known(self, keys: Sequence[str]) -> dict[str, Vectors]:
        numpy = import_module("numpy")
        found: dict[str, Vectors] = {}
        if self._database is None:
            return found
        for some in _parts(keys, _KNOWN_AT_ONCE):
            async with self._database.read() as session:
                rows = await session.execute(
                    select(PassageVector.key, PassageVector.vector).where(PassageVector.key.in_(some))
                )
                found |= {key: numpy.frombuffer(vector, dtype="float16") for key, vector in rows}
        return found

    async def _keep(self, vectors: Mapping[str, Vectors]) -> None:
        if self._database is None:
            return
        rows = [{"key": key, "vector": vector.astype("float16").tobytes()} for key, vector in vectors.items()]
        async with self._database.write() as session:
            await session.execute(insert(session, PassageVector).values(rows).on_conflict_do_nothing())


def texts_of(index: PolicyIndex) -> dict[str, ModelText]:
    """Return everything that the model reads of an index, by its key. For 20,000 clauses this takes a second."""
    return {reading.key: reading for reading in readings_of(index.library.policies, index.asked)}


def _parts(of: Sequence[_T], size: int) -> Iterator[Sequence[_T]]:
    return (of[start : start + size] for start in range(0, len(of), size))
