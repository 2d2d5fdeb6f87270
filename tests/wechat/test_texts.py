import re
from urllib.parse import unquote

import pytest

from tests.kit.properties import given, st
from wechat.texts import cut_to_bytes, escape_typed, is_blank, link, tappable

CHINESE = st.text(st.sampled_from("政策补贴第二条，。；！\n、（）“”a1 😀é"), max_size=400)


@given(st.one_of(st.text(max_size=300), CHINESE), st.integers(4, 60))
def test_parts_are_the_text_and_each_fits(text: str, limit: int) -> None:
    parts = cut_to_bytes(text, limit)

    assert "".join(parts) == text
    assert all(len(part.encode("utf-8", "surrogatepass")) <= limit for part in parts)
    assert all(parts) or text == ""


@given(CHINESE, st.integers(16, 120))
def test_a_part_ends_at_a_sentence_where_it_holds_one(text: str, limit: int) -> None:
    for part in cut_to_bytes(text, limit)[:-1]:
        if re.search(r"[。；！]", part):
            assert re.search(r"[。；！\n][）”]*\n*$", part)


@given(st.lists(st.one_of(CHINESE, st.just('<a href="https://m.example.test/p/22">查看</a>')), max_size=12))
def test_no_part_breaks_a_link(pieces: list[str]) -> None:
    for part in cut_to_bytes("".join(pieces), 80):
        assert part.count("<a ") == part.count("</a>")


def test_a_short_text_is_one_part() -> None:
    assert cut_to_bytes("您好。") == ["您好。"]
    assert cut_to_bytes("") == [""]
    assert cut_to_bytes("政" * 682) == ["政" * 682]


@pytest.mark.parametrize(
    ("text", "limit", "parts"),
    [
        ("第一句。第二句。", 15, ["第一句。", "第二句。"]),
        ("“第一句。”第二句", 22, ["“第一句。”", "第二句"]),
        ("甲乙丙，丁戊己庚", 18, ["甲乙丙，", "丁戊己庚"]),
        ("甲乙丙丁", 7, ["甲乙", "丙丁"]),
        ("一行\n二行\n三行", 16, ["一行\n二行\n", "三行"]),
        ("ab👍🏽", 7, ["ab", "👍", "🏽"]),
        ("abcd👍🏽", 9, ["abcd", "👍🏽"]),
    ],
)
def test_where_a_text_is_cut(text: str, limit: int, parts: list[str]) -> None:
    assert cut_to_bytes(text, limit) == parts


def test_a_limit_below_one_character_is_refused() -> None:
    with pytest.raises(ValueError, match="3 bytes"):
        cut_to_bytes("政", 3)


def test_what_is_typed_makes_neither_link_nor_emoticon() -> None:
    assert escape_typed('<a href="https://bad.test">点</a>/::)') == '＜a href="https://bad.test">点＜/a>／::)'


def test_tappable_words_are_percent_encoded() -> None:
    tap = tappable("下一页", "下一页 &x", "p2")
    found = re.fullmatch(
        r'<a href="weixin://bizmsgmenu\?msgmenucontent=([^&"]+)&msgmenuid=p2">下一页</a>', tap
    )
    assert found and "+" not in found[1]
    assert unquote(found[1]) == "下一页 &x"
    assert "<b" not in tappable("<b>", "x")


def test_a_links_address_cannot_leave_its_quotes() -> None:
    assert (
        link("看", 'https://m.example.test/?a="><b')
        == '<a href="https://m.example.test/?a=%22%3E%3Cb">看</a>'
    )


@pytest.mark.parametrize(
    "text", ["", " ", "\u200b\u200b", "\ufeff", "\u3164", "\u2800 ", "\u00ad\u2060", "\x00\n"]
)
def test_a_text_that_shows_nothing_is_blank(text: str) -> None:
    assert is_blank(text)
    assert not is_blank(f"{text}字")
