"""Links in a text that send words when tapped (WeChat's `weixin://bizmsgmenu` links)."""

from functools import lru_cache
from typing import TYPE_CHECKING

from wechat.texts import tappable

if TYPE_CHECKING:
    from policies.library.library import Library
    from policies.library.models import Policy


@lru_cache(maxsize=2048)  # a list has dozens, the same ones in every answer
def tap(label: str, sends: str = "") -> str:
    """Return a link that sends `sends` (or the label) as if it were typed."""
    return tappable(label, sends or label)


def clause_tap(policy: "Policy", library: "Library") -> str:
    """Return a link that shows a clause: its name and title."""
    return tap(f"{library.name(policy)} {policy.title}", library.typed(policy))


def number_tap(key: int, library: "Library") -> str:
    """Return a link that shows a clause: its name alone. A clause that is no longer published is only named."""
    name = library.name_of(key)
    return tap(name) if library.get(key) else name


def taps(*words: str) -> str:
    """Return several words to tap, in one line."""
    return "　".join(map(tap, words))
