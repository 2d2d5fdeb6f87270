"""Links in a text that send words when tapped (WeChat's `weixin://bizmsgmenu` links)."""

from functools import lru_cache

from wechat.texts import tappable


@lru_cache(maxsize=2048)  # a list has dozens, the same ones in every answer
def tap(label: str, sends: str = "") -> str:
    """A link that sends `sends` (or the label) as if it were typed."""
    return tappable(label, sends or label)


def taps(*words: str) -> str:
    """Several words to tap, in one line."""
    return "　".join(map(tap, words))
