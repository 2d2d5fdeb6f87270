"""Texts for WeChat: cut to its limit in bytes, typed text escaped, words to tap. wechatpy has none of these."""

import re
import unicodedata
from itertools import takewhile
from urllib.parse import quote

TEXT_LIMIT = 2048
"""Bytes of a passive text reply and of a customer-service text (45002 above)."""

_SENTENCE_END = re.compile(r"[。！？!?；;\n…]++[”’」』）)】》]*+\n*+")
_CLAUSE_MARK = re.compile(r"[，、,：: 　]+")
_LINK = re.compile(r"<a\s[^<>]*+>[^<]*+</a>")
_LONGEST_CHARACTER = 4
_FILLERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and a symbol of Unicode that are invisible."""
_JOINERS = frozenset("\u200d\ufe0e\ufe0f\u20e3")


def is_blank(text: str) -> bool:
    """Whether a text looks empty: it has only spaces, joiners, fillers, marks and control characters."""
    return not any(unicodedata.category(char)[0] in "LNPS" and char not in _FILLERS for char in text)


def fits(text: str, limit: int = TEXT_LIMIT) -> bool:
    """Whether a text fits into `limit` bytes of UTF-8; a short text is not encoded for this."""
    return len(text) * _LONGEST_CHARACTER <= limit or size_in_bytes(text) <= limit


def cut_to_bytes(text: str, limit: int = TEXT_LIMIT) -> list[str]:
    """Cut a reply into parts that WeChat accepts.

    A part ends after a sentence, else after a clause mark, never inside a character (a composed emoji is one) and
    never inside a link. The parts together are `text`. Only a link or character that alone exceeds the limit is cut.

    Args:
        text: the reply.
        limit: largest part in UTF-8 bytes (2048 for a customer-service text, WeChat's 客服消息 page).

    Raises:
        ValueError: `limit` is smaller than one character can be (4 bytes).
    """
    if limit < _LONGEST_CHARACTER:
        raise ValueError(f"a part of {limit} bytes may not hold one character")
    parts = []
    start = 0
    while len(text) - start > limit or size_in_bytes(text[start:]) > limit:
        end = start + _fitting(text, start, limit)
        cut = _best_cut(text, start, end, after=start)
        parts.append(text[start:cut])
        start = cut
    return [*parts, text[start:]]


def beginning(text: str, limit: int) -> str:
    """Return the first words of a text that is not shown whole, at most `limit` bytes.

    It ends like a part of `cut_to_bytes`. It may end inside a sentence, if otherwise more than half of the room
    stayed empty.

    Raises:
        ValueError: `limit` is smaller than one character can be (4 bytes).
    """
    if limit < _LONGEST_CHARACTER:
        raise ValueError(f"a part of {limit} bytes may not hold one character")
    if fits(text, limit):
        return text
    end = _fitting(text, 0, limit)
    return text[: _best_cut(text, 0, end, after=end // 2)]


def size_in_bytes(text: str) -> int:
    """Return how many bytes of UTF-8 a text has. Half a surrogate pair, which a push may hold, counts three."""
    return len(text.encode("utf-8", "surrogatepass"))


def _fitting(text: str, start: int, limit: int) -> int:
    """Return how many characters from `start` fit into the limit."""
    window = text[start : start + limit]
    data = window.encode("utf-8", "surrogatepass")
    if len(data) <= limit:
        return len(window)
    cut = limit
    while data[cut] & 0xC0 == 0x80:  # a byte that continues a character
        cut -= 1
    return len(data[:cut].decode("utf-8", "surrogatepass"))


def _best_cut(text: str, start: int, end: int, *, after: int) -> int:
    """Return the last good place to cut in (start, end]; a mark counts behind `after`."""
    links = [found.span() for found in takewhile(lambda a: a.start() < end, _LINK.finditer(text, start))]

    def allowed(at: int) -> bool:
        return start < at <= end and not any(a < at < b for a, b in links) and not _splits_character(text, at)

    for mark in (_SENTENCE_END, _CLAUSE_MARK):
        places = [found.end() for found in mark.finditer(text, start, end)]
        for at in reversed(places):
            if at > after and allowed(at):
                return at
    return next((at for at in range(end, start, -1) if allowed(at)), end)


def _splits_character(text: str, at: int) -> bool:
    if at >= len(text):
        return False
    after = text[at]
    return (
        after in _JOINERS
        or text[at - 1] == "\u200d"
        or bool(unicodedata.combining(after))
        or "\U0001f3fb" <= after <= "\U0001f3ff"
        or (after == "\n" and text[at - 1] == "\r")
    )


def escape_typed(text: str) -> str:
    """Return a text that a person typed, escaped for a text of ours: it can make neither a link nor a WeChat emoticon."""
    return text.replace("<", "＜").replace("/:", "／:")


def tappable(label: str, says: str, menu_id: str = "1") -> str:
    """Words in a text that send a message when tapped (a message-menu link).

    WeChat's client shows no link unless both parameters are present, and it decodes `%20` but not `+`
    (docs/wechat.md §3). A tap comes back as a text message with this `bizmsgmenuid`.
    """
    address = f"weixin://bizmsgmenu?msgmenucontent={quote(says, safe='')}&msgmenuid={quote(menu_id, safe='')}"
    return f'<a href="{address}">{escape_typed(label)}</a>'


def web_address(url: str) -> str:
    """Return an address as it may stand in a link; "" for one that does not lead to the web (`javascript:`, `data:`).

    Everything that renders a link asks here, because an address may come from a file, an import or an earlier
    version.
    """
    return url if url[:8].lower().startswith(("http://", "https://")) else ""


def link(label: str, url: str) -> str:
    """Return a link for a text; quotes and angle brackets in the address are percent-encoded. No web address: the label alone."""
    if not web_address(url):
        return escape_typed(label)
    safe = url.replace('"', "%22").replace("<", "%3C").replace(">", "%3E")
    return f'<a href="{safe}">{escape_typed(label)}</a>'
