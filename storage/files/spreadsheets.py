"""Cells of a spreadsheet without formulas (OWASP, CSV injection): texts that people outside typed, on the way out and back."""

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def escape_formula(text: str) -> str:
    """A cell that no spreadsheet takes for a formula: such a text is led by an apostrophe."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def unescape_formula(cell: str) -> str:
    """The text of a cell that `escape_formula` has written."""
    return cell[1:] if cell[:1] == "'" and cell[1:].startswith(_FORMULA_STARTS) else cell
