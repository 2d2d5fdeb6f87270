"""The vectors that the sentence model made of the passages of clauses: a cache that may be emptied."""

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.sql.base import Base


class PassageVector(Base):
    """A passage by the key of its text and model; the vector as float16, 2 bytes a dimension."""

    __tablename__ = "passage_vectors"

    key: Mapped[str] = mapped_column(String(32), primary_key=True)
    vector: Mapped[bytes] = mapped_column(LargeBinary)
