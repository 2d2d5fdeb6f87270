"""Files from Chinese desktops are read as they were meant, or refused with a reason."""

import pytest

from storage.files.text_files import EncodingError, decode_text

TEXT = "openid,company,uscc,tracks\no1,青岛某某海洋科技有限公司,,海水淡化\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
@pytest.mark.parametrize("text", [TEXT, "海\n", "名称：镕㛃\n", "plain\n", ""])
def test_each_encoding_of_a_chinese_desktop_is_read(encoding: str, text: str) -> None:
    if encoding == "gbk" and "㛃" in text:
        text = text.replace("㛃", "")
    assert decode_text(text.encode(encoding)) == text


def test_a_damaged_utf8_file_is_refused_with_its_line() -> None:
    raw = (TEXT + TEXT).encode()
    place = raw.rindex("青岛".encode()) + 1
    with pytest.raises(EncodingError, match="第 4 行"):
        decode_text(raw[:place] + raw[place + 1 :])


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(EncodingError, match="UTF-8"):
        decode_text(bytes(range(256)) * 4)
