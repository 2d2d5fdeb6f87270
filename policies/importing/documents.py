"""Document files as lines of text; what each format does to a paragraph is undone in `outline`.

A format's library is loaded with the first document of it: they hold 30 MB, and documents come seldom.
"""

from pathlib import PurePath

from policies.importing.errors import DocumentError
from policies.importing.glyphs import restored
from storage.text_files import EncodingError, text_of

MAX_BYTES = 30_000_000


def lines_of(name: str, raw: bytes) -> tuple[str, ...]:
    """The lines of a document that hold text, in reading order, without white space around them.

    Args:
        name: file name; its ending tells the format (.txt, .docx, .pdf).
        raw: the file.

    Raises:
        DocumentError: the format isn't known, or the file is damaged, too large or holds no text.
    """
    if len(raw) > MAX_BYTES:
        raise DocumentError(f"文件过大，请控制在 {MAX_BYTES // 1_000_000} MB 以内")
    match PurePath(name).suffix.lower():
        case ".txt":
            lines = _lines_of_text(raw)
        case ".docx":
            from policies.importing.word_files import lines_of_docx  # noqa: PLC0415 - see above

            lines = lines_of_docx(raw)
        case ".pdf":
            from policies.importing.pdf_files import lines_of_pdf  # noqa: PLC0415

            lines = lines_of_pdf(raw)
        case ending:
            raise DocumentError(f"不认识的文件类型 {ending or '（无扩展名）'}，请使用 .txt、.docx 或 .pdf")
    found = tuple(line for line in (restored(line).strip() for line in lines) if line)
    if not found:
        raise DocumentError("文件里没有文字；如果是扫描件，请先做文字识别")
    return found


def _lines_of_text(raw: bytes) -> list[str]:
    try:
        return text_of(raw).splitlines()
    except EncodingError as error:
        raise DocumentError(str(error)) from error
