"""Finds where a message with several needs may be parted."""

import re

_STRONG = re.compile(
    r"(?:另外|此外|还有|以及|顺便|再问一下|再问|还想问|还想了解|再就是|其次|同时还)(?:再|也)?(?:问一下|问下|问|想问|了解一下|说说|看看)?"
    r"|[;；?？\n]+"
)
_WEAK = re.compile(r"[、,，。]|和|跟|与|及|\+")
_NUMBERED = re.compile(r"^\(?1[、.．):：](?=\D)")
_NUMBER = re.compile(r"\(?(?<!\d)[1-9][、.．):：](?=\D)")
_BOTH = re.compile(
    r"分别|各(?:补|给|奖|是|能|有|多少|自)|同时|一边|这(?:两|俩|几)|两(?:样|个|项|件|边|块|头)(?:都|各|分)?|都(?:有|能|给|补|奖|是)"
)
_AROUND = " \t\n,，。、！!"
_MOST = 4


def parts_by_connectors(text: str) -> list[str]:
    """Return parts between words, marks and numbers that begin another need (另外, 还有, ；, 1、… 2、…)."""
    if _NUMBERED.match(text):
        text = _NUMBER.sub("；", text)
    return _kept(_STRONG.split(text))


def parts_by_lists(text: str) -> list[str]:
    """Return parts between marks and words that may join two needs or the words of one (和, 、, ，)."""
    return _kept(_WEAK.split(text))


def both_asked(text: str) -> bool:
    """Whether a message says that it has several needs (这两样分别补多少)."""
    return _BOTH.search(text) is not None


def _kept(parts: list[str]) -> list[str]:
    kept = [stripped for part in parts if (stripped := part.strip(_AROUND))]
    return kept if 1 < len(kept) <= _MOST else []
