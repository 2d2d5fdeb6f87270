"""Two columns of a PDF page are told apart by the band that is white between them, whatever stands in it now and then."""

from typing import Any

from policies.importing.files.pdf_layout import gutter_of

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
