"""The size of a Word file, before a tree is built of it."""

import re
import zipfile

from policies.importing.document.errors import DocumentError

MAX_UNPACKED_BYTES = 60_000_000
MAX_PARAGRAPHS = 30_000
_PARAGRAPH = re.compile(rb"<w:p[ />]")


def check_size(package: zipfile.ZipFile) -> None:
    """Refuse a file that is too large: by the sizes that the package states, and by a count of its paragraphs.

    Raises:
        DocumentError: it is over `MAX_UNPACKED_BYTES` or `MAX_PARAGRAPHS`.
    """
    if sum(entry.file_size for entry in package.infolist()) > MAX_UNPACKED_BYTES:
        raise DocumentError("Word 文件解压后过大，无法读取；请拆分成较小的文件后再试")
    with package.open("word/document.xml") as part:
        count, tail = 0, b""
        while chunk := part.read(1 << 20):
            text = tail + chunk
            count += len(_PARAGRAPH.findall(text, 0, len(text) - 8))
            tail = text[-8:]
            if count > MAX_PARAGRAPHS:
                raise DocumentError(f"Word 文件超过 {MAX_PARAGRAPHS:,} 段，请只导入政策汇编部分")
