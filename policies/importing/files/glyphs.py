"""Restores characters that a PDF gives as look-alikes. Pure."""

import re
import unicodedata

from storage.visible_text import JOINING

_KANGXI = range(0x2F00, 0x2FD6)
# CJK Radicals Supplement, as far as they are whole characters (Unicode's EquivalentUnifiedIdeograph); NFKC
# leaves them, unlike the Kangxi radicals.
_SUPPLEMENT = dict(
    zip(
        "⺠⺩⻁⻄⻅⻆⻉⻋⻑⻓⻔⻗⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻪⻬⻮⻰⻳⺁⺟",
        "民王虎西见角贝车長长门雨青韦页风飞食马骨鬼鱼鸟卤麦黄黾齐齿龙龟厂母",
        strict=True,
    )
)
_OTHERS = {
    "⼾": "户",
    "⾭": "青",
    "\u2329": "〈",
    "\u232a": "〉",
    "\u2015": "—",
    "\u00a0": " ",
}
_UNSEEN = re.compile(f"[\x00{JOINING}]")
"""A clause must read as its characters stand, wherever it is shown."""
_TABLE = str.maketrans(
    {chr(code): unicodedata.normalize("NFKC", chr(code)) for code in _KANGXI} | _SUPPLEMENT | _OTHERS
)
_WIDE = r"[\u2e80-\u9fff\u3000-\u303f\uff00-\uffef“”‘’—]"
_BESIDE_WIDE = re.compile(rf"(?<={_WIDE})\s++|(?<!\s)\s++(?={_WIDE})")


def restored(text: str) -> str:
    """Return a text with radicals (⽤, ⻘) replaced by the characters that they look like, and without invisible characters."""
    return _UNSEEN.sub("", text.translate(_TABLE))


def unjustified(text: str) -> str:
    """Return a line without the spaces that justified text has beside Chinese characters."""
    return _BESIDE_WIDE.sub("", text)
