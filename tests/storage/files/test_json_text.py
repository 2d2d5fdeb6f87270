"""Every way in which a text can be no JSON is one error."""

import pytest

from storage.files.json_text import JsonTextError, parse_json


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "第 1 行第 1 列"),
        ('{"a":\n1,}', "第 2 行"),
        ("[" * 100_000, "嵌套过深"),
        ('{"a":' * 100_000, "嵌套过深"),
        ("9" * 5_000, "数字过长"),
    ],
)
def test_what_is_no_json_is_told(text: str, said: str) -> None:
    with pytest.raises(JsonTextError, match=said):
        parse_json(text)


def test_json_is_read() -> None:
    assert parse_json('{"a": [1, null]}') == {"a": [1, None]}
