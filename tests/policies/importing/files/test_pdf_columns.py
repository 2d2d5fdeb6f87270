"""Two columns of a PDF page are told apart by the band that is white between them; what comes again at its edge is no text."""

from dataclasses import dataclass
from typing import Any

from policies.importing.document.blocks import ParsedDocument
from policies.importing.files.pdf_files import read_pdf
from policies.importing.files.pdf_furniture import take_furniture
from policies.importing.files.pdf_layout import Printed, gutter_of

SIZE = 15.0


def line(top: float, left: float, right: float) -> dict[str, Any]:
    text = "字" * max(1, int((right - left) / SIZE))
    return {"text": text, "x0": left, "x1": right, "top": top, "bottom": top + SIZE, "size": SIZE}


def page(*others: dict[str, Any]) -> list[dict[str, Any]]:
    both = [line(100 + 20 * at, left, left + 220) for at in range(12) for left in (56, 310)]
    return [*both, *others]


def test_titles_page_numbers_and_a_line_that_hangs_over_do_not_hide_the_band() -> None:
    found = gutter_of(
        page(
            line(40, 180, 415),
            line(60, 86, 491),
            line(360, 86, 296),
            line(800, 295, 300),
            line(800, 302, 312),
        )
    )
    assert found is not None
    assert 296 <= found <= 310


def test_lines_over_the_whole_page_are_one_column() -> None:
    assert gutter_of([line(100 + 20 * at, 56, 530) for at in range(30)]) is None


def test_columns_may_stand_close_to_each_other() -> None:
    close = [line(100 + 20 * at, left, left + 220) for at in range(12) for left in (77, 304)]
    found = gutter_of(close)
    assert found is not None
    assert 297 <= found <= 304


@dataclass
class Sheet:
    lines: list[Printed]


def test_titles_with_numbers_at_the_head_of_pages_are_no_running_heads() -> None:
    def printed(text: str, top: float) -> Printed:
        return Printed(text, 56, 300, top, top + SIZE, SIZE)

    body = [printed("对企业给予奖励。", 120 + 20 * at) for at in range(4)]
    sheets = [
        Sheet([printed(f"惠企政策 第{at}页", 30), printed(f"政策{at}：名称第{at}项", 80), *body])
        for at in (1, 2, 3)
    ]
    reading = ParsedDocument()
    take_furniture(sheets, reading)
    assert [sheet.lines[0].text for sheet in sheets] == [f"政策{at}：名称第{at}项" for at in (1, 2, 3)]
    assert reading.outside == [f"惠企政策 第{at}页" for at in (1, 2, 3)]


def test_a_watermark_is_told_and_breaks_no_line() -> None:
    shown = b"BT /F 12 Tf 1 0 0 1 72 700 Tm (1. first) Tj 1 0 0 1 72 680 Tm (2. second) Tj ET"
    askew = b"BT /F 40 Tf .7 .7 -.7 .7 60 660 Tm (DRAFT) Tj ET"
    reading = read_pdf(pdf_of(shown + b" " + askew))
    assert [*reading.texts()] == ["1. first", "2. second"]
    assert reading.outside == ["DRAFT"]
    assert [note.code for note in reading.notes] == ["watermark"]


def pdf_of(content: bytes) -> bytes:
    """A PDF of one page; without a table of its objects, which readers then look for."""
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> >>",
        b"<< /Length %d >> stream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )
    body = b"".join(b"%d 0 obj %s endobj\n" % (at, one) for at, one in enumerate(objects, 1))
    return b"%PDF-1.4\n" + body + b"trailer << /Root 1 0 R >>\n%%EOF"
