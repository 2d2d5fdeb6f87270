"""Words in a text that can be tapped instead of typed (WeChat's message-menu links)."""

from wechat.texts import menu_link

_MENU_ID = "1"  # WeChat wants one beside the content; we read the content alone


def tap(label: str, sends: str = "") -> str:
    """A link that sends `sends` (or the label) as if it were typed."""
    return menu_link(label, sends or label, _MENU_ID)


def taps(*words: str) -> str:
    """Several words to tap, in one line."""
    return "　".join(tap(word) for word in words)
