"""Texts that people outside typed, on their way into a spreadsheet."""

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def harmless(value: str) -> str:
    """A cell that no spreadsheet takes for a formula: such a text is led by an apostrophe (OWASP, CSV injection)."""
    return f"'{value}" if value.startswith(_FORMULA_STARTS) else value
