"""Splits a message: the part that asks (完了完了 申报网址给我), and its words without greetings and self-introduction. Pure."""

import re
from collections.abc import Callable

from handlers.conversation.english import chinese_words
from handlers.framework.phrases import asks_outright
from policies.search.words.text_cache import cache_by_text

_BETWEEN = re.compile(r"[，,。.！!？?；;：:~～…\s]+")
_LONGEST = 80
_KEPT = 10_000
_MOST_PARTS = 4
_ABOUT_ONESELF = re.compile(
    r"(?:hi|hello|hey)?(?:我|我们|咱们?|我们公司|我司|本人|我这边|这里|这边)(?:是|姓|叫|在|这边是)[^，,。]{1,14}",
    re.IGNORECASE,
)
_GREETS = re.compile(r"(?:hi|hello|hey|您好|你好|老师好?|请问)", re.IGNORECASE)


def _in_other_words(text: str) -> str:
    """Return the message without what it says of the writer, and with its English words in Chinese.

    Return "" if nothing is left, or nothing changes.
    """
    if len(text) > _LONGEST:
        return ""
    said = chinese_words.in_chinese(text)
    parts = [part for part in _BETWEEN.split(said) if part]
    kept = [part for part in parts if not (_GREETS.fullmatch(part) or _is_about_oneself(part))]
    return "，".join(kept) if said != text or len(kept) < len(parts) else ""


def _parts_of(text: str) -> tuple[str, ...]:
    """Return the parts between marks and spaces, the longest first. A long message or a single part gives ()."""
    if len(text) > _LONGEST:
        return ()
    parts = [part for part in _BETWEEN.split(text) if part]
    if not 1 < len(parts) <= _MOST_PARTS:
        return ()
    kept = (part for part in parts if len(part) > 1 and not _is_about_oneself(part))
    return tuple(sorted(kept, key=len, reverse=True))


def _is_about_oneself(part: str) -> bool:
    return _ABOUT_ONESELF.fullmatch(part) is not None and not asks_outright(part)


in_other_words: Callable[[str], str] = cache_by_text(_in_other_words, _KEPT)
parts_of: Callable[[str], tuple[str, ...]] = cache_by_text(_parts_of, _KEPT)
