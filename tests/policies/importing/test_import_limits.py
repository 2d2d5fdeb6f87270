"""A document that would hold up or fill the process is read beside it, or refused with a sentence."""

import asyncio
import io
import time
import zipfile
from collections.abc import Callable, Iterator

import pytest

from policies.district.models import District
from policies.importing.document.errors import DocumentError
from policies.importing.files.word_package import MAX_UNPACKED_BYTES
from policies.importing.review import review
from policies.library.library import Library
from policies.publishing.store import PolicyStore
from policies.windows.application_windows import Windows
from policies.windows.window_fields import WindowFileError
from storage.child.running import Limits
from storage.clock import system_clock
from storage.sql.database import Database

LONGEST_STEP_S = 0.05
HEAD = '<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'wordprocessingml.document.main+xml"/></Types>'
)
RELATIONS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
    'officeDocument" Target="word/document.xml"/></Relationships>'
)


def docx_of(paragraphs: str, more: int = 0) -> bytes:
    """The smallest Word file; `more` bytes of zeros beside it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", TYPES)
        package.writestr("_rels/.rels", RELATIONS)
        package.writestr("word/document.xml", f"{HEAD}{paragraphs}</w:body></w:document>")
        if more:
            package.writestr("word/media/image1.bin", b"\0" * more)
    return out.getvalue()


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


CLAUSE = paragraph("一、工业") + paragraph("1.对首次入规企业给予10万元奖励（县工信局）。")


@pytest.fixture
async def store(sqlite_database: Database, library: Library, district: District) -> PolicyStore:
    store = PolicyStore(sqlite_database, system_clock)
    await store.seed(library, district)
    return store


@pytest.fixture
def longest_step(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    """Processor time of the longest step of the loop, in seconds."""
    longest = [0.0]
    run = asyncio.Handle._run

    def timed(handle: asyncio.Handle) -> None:
        began = time.thread_time()
        run(handle)
        longest[0] = max(longest[0], time.thread_time() - began)

    monkeypatch.setattr(asyncio.Handle, "_run", timed)
    yield longest


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("empty-paragraphs.docx", lambda: docx_of(CLAUSE + "<w:p/>" * 8_000)),
        ("long.txt", ("一、工业\n1.开始\n" + "没有编号的一行文字，一直这样写下去\n" * 20_000).encode),
    ],
)
async def test_a_slow_document_is_read_while_the_loop_is_free(
    store: PolicyStore, longest_step: list[float], name: str, raw: Callable[[], bytes]
) -> None:
    proposal = await review(store, name, await asyncio.to_thread(raw))
    assert len(proposal.document.policies) == 1
    assert longest_step[0] < LONGEST_STEP_S


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (lambda: docx_of(CLAUSE + "<w:p/>" * 5_000_000), "超过 30,000 段"),
        (lambda: docx_of(CLAUSE, more=MAX_UNPACKED_BYTES), "解压后过大"),
        (lambda: docx_of(CLAUSE + paragraph("长" * (MAX_UNPACKED_BYTES // 3))), "解压后过大"),
    ],
    ids=["five million paragraphs", "a bomb beside the text", "a bomb as text"],
)
async def test_a_bomb_is_refused_with_a_sentence(
    store: PolicyStore, longest_step: list[float], raw: Callable[[], bytes], said: str
) -> None:
    bomb = await asyncio.to_thread(raw)
    with pytest.raises(DocumentError, match=said):
        await review(store, "bomb.docx", bomb)
    assert longest_step[0] < LONGEST_STEP_S


async def test_a_document_that_meets_a_limit_of_its_process_is_refused(
    store: PolicyStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("policies.importing.review.LIMITS", Limits(memory_bytes=50_000_000))
    with pytest.raises(DocumentError, match=r"无法读取|内存"):
        await review(store, "a.docx", docx_of(CLAUSE))


async def test_a_file_of_windows_with_too_many_lines_is_refused(
    sqlite_database: Database, store: PolicyStore, longest_step: list[float]
) -> None:
    lines = "policy_id,opens_on,closes_on,title,url\n" + "22,2026-03-01,2026-03-31,申报,\n" * 5_001
    with pytest.raises(WindowFileError, match="超过 5,000 行"):
        await Windows(sqlite_database, system_clock).read_file(lines.encode())
    assert longest_step[0] < LONGEST_STEP_S
