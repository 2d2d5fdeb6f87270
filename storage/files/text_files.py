"""Text files from Chinese desktops: UTF-8 with or without a mark, UTF-16 with one, or GB18030."""

import codecs

_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class EncodingError(Exception):
    """The bytes can't be read safely; the message is for a person, in Chinese."""


def decode_text(raw: bytes) -> str:
    """Decode a text file. It tries encodings, because statistics can't tell GB18030 from Big5 in a short file.

    A file that is not UTF-8 is GB18030 here (the "ANSI" of Excel and Notepad). But GB18030 can decode almost any bytes,
    so a UTF-8 file with a damaged character is refused, with the line, instead of being read as nonsense.

    Raises:
        EncodingError: the file has none of the encodings, or is damaged.
    """
    if raw.startswith(_MARKS):
        return _decode(raw, "utf-16")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if _mostly_utf8(raw):
            line = raw.count(b"\n", 0, error.start) + 1
            raise EncodingError(f"第 {line} 行有损坏的字符（文件是 UTF-8 编码），请修正后再试") from error
    return _decode(raw, "gb18030")


def _mostly_utf8(raw: bytes) -> bool:
    """Whether more non-ASCII characters are valid UTF-8 than broken; in GB18030 hardly any are valid."""
    read = raw.decode("utf-8", errors="replace")
    broken = read.count("�")
    whole = sum(character > "\x7f" for character in read) - broken
    return whole > broken


def _decode(raw: bytes, encoding: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise EncodingError("无法识别文件编码；请另存为 UTF-8 后再试") from error
