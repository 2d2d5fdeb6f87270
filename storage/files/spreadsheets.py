"""Cells of a spreadsheet without formulas (OWASP, CSV injection): texts that people outside typed, on the way out and back."""

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""Also full-width, which a spreadsheet of a Chinese or Japanese desktop may read as the half-width sign."""


def escape_formula(text: str) -> str:
    """Return a text as a cell that no spreadsheet reads as a formula, with an apostrophe before it if needed."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def unescape_formula(cell: str) -> str:
    """Return the text of a cell that `escape_formula` made."""
    return cell[1:] if cell[:1] == "'" and cell[1:].startswith(_FORMULA_STARTS) else cell
