"""Pages for a phone in WeChat's browser: `/p` to search, `/p/{id}` to read a clause."""

from pages.application import make_app

__all__ = ["make_app"]
