"""Text files from Chinese desktops: UTF-8 with or without a mark, UTF-16 with one, or GB18030."""

import codecs

_MARKS = ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


class EncodingError(Exception):
    """The bytes are none of the known encodings."""


def text_of(raw: bytes) -> str:
    """Decode a text file.

    Tried in this order, without guessing by statistics: short files of numbers and names give a detector too
    little to tell GB18030 from Big5, and here it is GB18030 (Excel's and Notepad's "ANSI").

    Raises:
        EncodingError: it is none of them; the message is for a person, in Chinese.
    """
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return _decode(raw, encoding)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _decode(raw, "gb18030")


def _decode(raw: bytes, encoding: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise EncodingError("无法识别文件编码，请另存为 UTF-8 后再试") from error
