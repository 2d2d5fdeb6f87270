"""`/me`: a member's own choices on a phone, by a signed link from the chat or WeChat's web sign-in."""

from pages.member.application import make_app

__all__ = ["make_app"]
