"""Words in a text that can be tapped instead of typed (WeChat's message-menu links)."""

from wechat.texts import tappable


def tap(label: str, sends: str = "") -> str:
    """A link that sends `sends` (or the label) as if it were typed."""
    return tappable(label, sends or label)


def taps(*words: str) -> str:
    """Several words to tap, in one line."""
    return "　".join(map(tap, words))
