"""A second document, of another district and another shape: 第X条 in chapters."""

from functools import cache
from pathlib import Path

from policies.importing.files.documents import read_document
from policies.importing.proposal.propose import propose
from policies.library.models import Document

FILE = Path(__file__).parents[1] / "data" / "documents" / "lingang.txt"
TITLE = "临港新城促进现代服务业高质量发展若干措施"
NAME = "现代服务业若干措施"
"""The short name that the title gives."""


@cache
def second_document() -> Document:
    """As the importer reads it; its keys are 1 to 9 until it is added."""
    reading = read_document(FILE.name, FILE.read_bytes())
    return propose(reading, document_id="lingang").document
