from xml.etree import ElementTree

import pytest
import wechatpy

from tests.kit.properties import example, given, st
from tests.wechat.pushes import ACCOUNT, OPENID, PUSHES, text_push
from wechat.push.messages import Inbound
from wechat.push.parsing import NotAMessageError, _children, _flat_fields, parse_message

MESSAGES = {
    "text": {"kind": "text", "text": "你好", "message_id": "24000000000000001"},
    "text 2": {"kind": "text", "text": "满意", "message_id": "24000000000000002", "by_menu_tap": True},
    "image": {"kind": "image", "message_id": "24000000000000003"},
    "voice": {"kind": "voice", "text": "今天天气", "message_id": "24000000000000004"},
    "video": {"kind": "video", "message_id": "24000000000000005"},
    "shortvideo": {"kind": "shortvideo", "message_id": "24000000000000006"},
    "location": {"kind": "location", "message_id": "24000000000000007"},
    "link": {"kind": "link", "message_id": "24000000000000008"},
}
EVENTS = {
    "subscribe": ("subscribe", ""),
    "subscribe 2": ("subscribe", "order_42"),
    "unsubscribe": ("unsubscribe", ""),
    "SCAN": ("scan", "order_42"),
    "LOCATION": ("location", ""),
    "CLICK": ("click", "MENU_HELP"),
    "VIEW": ("view", "https://m.example.test/"),
    "view_miniprogram": ("view_miniprogram", "pages/index/index"),
    "scancode_push": ("scancode_push", "MENU_SCAN"),
    "scancode_waitmsg": ("scancode_waitmsg", "MENU_SCANW"),
    "pic_photo_or_album": ("pic_photo_or_album", "MENU_PIC"),
    "pic_sysphoto": ("pic_sysphoto", "MENU_CAM"),
    "pic_weixin": ("pic_weixin", "MENU_ALBUM"),
    "location_select": ("location_select", "MENU_LOC"),
    "TEMPLATESENDJOBFINISH": ("templatesendjobfinish", ""),
    "MASSSENDJOBFINISH": ("masssendjobfinish", ""),
    "MASSSENDJOBFINISH 2": ("masssendjobfinish", ""),
    "subscribe_msg_popup_event": ("subscribe_msg_popup_event", ""),
    "subscribe_msg_change_event": ("subscribe_msg_change_event", ""),
    "subscribe_msg_sent_event": ("subscribe_msg_sent_event", ""),
    "PUBLISHJOBFINISH": ("publishjobfinish", ""),
    "user_authorization_revoke": ("user_authorization_revoke", ""),
}


def test_the_tables_hold_every_push_of_the_protocol() -> None:
    assert set(MESSAGES) | set(EVENTS) == set(PUSHES)


@pytest.mark.parametrize("name", MESSAGES)
def test_a_message_becomes_an_inbound(name: str) -> None:
    inbound = parse_message(PUSHES[name].encode())

    assert {field: getattr(inbound, field) for field in MESSAGES[name]} == MESSAGES[name]
    assert (inbound.openid, inbound.account, inbound.event) == (OPENID, ACCOUNT, "")
    assert inbound.by_person


@pytest.mark.parametrize("name", EVENTS)
def test_an_event_becomes_an_inbound(name: str) -> None:
    inbound = parse_message(PUSHES[name].encode())

    assert (inbound.kind, inbound.event, inbound.key) == ("event", *EVENTS[name])
    assert inbound.message_id == ""


@pytest.mark.parametrize("name", PUSHES)
def test_wechatpy_reads_the_same(name: str) -> None:
    ours, theirs = parse_message(PUSHES[name]), wechatpy.parse_message(PUSHES[name])

    assert (ours.openid, ours.account, ours.sent_at) == (
        theirs.source,
        theirs.target,
        theirs._data.get("CreateTime") and int(theirs._data["CreateTime"]),
    )
    assert set(ours.raw) == set(theirs._data)


def test_a_sender_that_no_column_holds_is_no_person() -> None:
    """PostgreSQL would refuse it, with all that is written beside it."""
    push = (
        "<xml><ToUserName>gh</ToUserName><FromUserName>{}</FromUserName>"
        "<CreateTime>1</CreateTime><MsgType>text</MsgType></xml>"
    )
    assert parse_message(push.format("o" * 64)).openid == "o" * 64
    with pytest.raises(NotAMessageError):
        parse_message(push.format("o" * 65))


def test_a_report_of_wechat_is_not_a_persons_act() -> None:
    reports = {
        "TEMPLATESENDJOBFINISH",
        "MASSSENDJOBFINISH",
        "MASSSENDJOBFINISH 2",
        "PUBLISHJOBFINISH",
        "subscribe_msg_sent_event",
        "user_authorization_revoke",
    }
    assert {name for name in PUSHES if not parse_message(PUSHES[name]).by_person} == reports


def test_what_repeats_is_always_a_list() -> None:
    two = parse_message(PUSHES["subscribe_msg_popup_event"]).raw["SubscribeMsgPopupEvent"]["List"]
    one = parse_message(PUSHES["subscribe_msg_sent_event"]).raw["SubscribeMsgSentEvent"]["List"]
    pictures = parse_message(PUSHES["pic_weixin"]).raw["SendPicsInfo"]["PicList"]["item"]

    assert [entry["TemplateId"] for entry in two] == ["TPL_A", "TPL_B"]
    assert [entry["MsgID"] for entry in one] == ["1700827132819554304"]
    assert pictures == [{"PicMd5Sum": "4" * 32}]


def test_only_the_leading_qrscene_is_taken_off() -> None:
    follow = PUSHES["subscribe 2"]
    assert parse_message(follow.replace("order_42", "qrscene_x")).key == "qrscene_x"
    assert parse_message(follow.replace("qrscene_order_42", "last_trade_no_7")).key == "last_trade_no_7"
    assert parse_message(PUSHES["SCAN"].replace("order_42", "qrscene_x")).key == "qrscene_x"


def test_a_voice_without_words_has_an_empty_text() -> None:
    silent = PUSHES["voice"].replace("<Recognition><![CDATA[今天天气]]></Recognition>", "")
    assert parse_message(silent).text == ""
    assert parse_message(PUSHES["voice"].replace("今天天气", "")).text == ""


@pytest.mark.parametrize("kind", ["miniprogrampage", "file", "", "Something_New"])
def test_an_unknown_kind_comes_through(kind: str) -> None:
    inbound = parse_message(PUSHES["image"].replace("[image]", f"[{kind}]"))
    assert inbound.kind == kind.lower()


def test_unknown_events_and_elements_come_through() -> None:
    push = (
        PUSHES["CLICK"].replace("[CLICK]", "[Card_Pass_Check]").replace("</xml>", "<CardId>c1</CardId></xml>")
    )
    inbound = parse_message(push)
    assert (inbound.event, inbound.raw["CardId"], inbound.by_person) == ("card_pass_check", "c1", False)


def test_line_breaks_and_marks_in_a_text_are_kept() -> None:
    assert parse_message(text_push("第一行\n第二行 <a> & ]] >")).text == "第一行\n第二行 <a> & ]] >"


HOSTILE = {
    "a DOCTYPE": '<!DOCTYPE xml [<!ENTITY a "ha">]><xml><Content>&a;</Content></xml>',
    "an outside entity": '<!DOCTYPE xml [<!ENTITY a SYSTEM "file:///etc/passwd">]><xml>&a;</xml>',
    "a DOCTYPE inside": '<xml><!DOCTYPE a [<!ENTITY b "c">]></xml>',
    "an entity nobody declared": "<xml><Content>&a;</Content></xml>",
    "a comment before the root": "<!-- x --><xml></xml>",
    "another root": "<html></html>",
    "JSON": '{"xml": 1}',
    "nothing": "",
    "cut off before the sender": text_push("你好")[:60],
    "very deep": "<xml>" + "<a>" * 9000 + "</a>" * 9000 + "</xml>",
    "no sender": text_push("a", openid=""),
    "no time": text_push("a").replace("1767225600", "now"),
    "a time of other digits": text_push("a").replace("1767225600", "１７６７２２５６００"),
    "a time without an end": text_push("a").replace("1767225600", "7" * 5000),
    "an element as sender": text_push("a").replace(f"<![CDATA[{OPENID}]]>", "<b>x</b>"),
    "empty root": "<xml/>",
    "another encoding": '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a><xml></xml>',
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_xml_is_refused(name: str) -> None:
    with pytest.raises(NotAMessageError):
        parse_message(HOSTILE[name].encode("utf-8", "surrogatepass"))


def bare(content: str) -> str:
    """A text push whose content stands without CDATA."""
    return text_push("@").replace("<![CDATA[@]]>", content)


AS_READ = {
    "an end of CDATA": (text_push("首台套]]>"), "首台套"),
    "an end of CDATA, and more": (text_push("a]]>b]]></c>"), "ab</c>"),
    "CDATA in CDATA": (text_push("看<![CDATA[首台套]]>吧"), "看首台套吧"),
    "CDATA in CDATA over and over": (text_push("<![CDATA[" * 50 + "首台套" + "]]>" * 50), "首台套"),
    "a vertical tab": (text_push("首台\x0b套"), "首台套"),
    "a NUL": (text_push("\x00首台套"), "首台套"),
    "a character XML has not": (text_push("首台套\ufffe"), "首台套"),
    "half an emoji": (bare("首台套&#55357;"), "首台套"),
    "an emoji in halves": (bare("首台套&#55357;&#56832;"), "首台套😀"),
    "a reference to a control character": (bare("首台套&#11;&#0;&#xFFFE;"), "首台套"),
    "a reference to nothing": (bare("首台套&#9999999;"), "首台套"),
    "a bare ampersand": (bare("R&D 费用 &amp; 首台套"), "R&D 费用 & 首台套"),
    "a bare angle": (bare("投入<100万"), "投入<100万"),
    "an entity nobody declared": (bare("首台套&nbsp;"), "首台套&nbsp;"),
    "elements in a text": (
        text_push("]]></Content><FromUserName>oOther</FromUserName><Content><![CDATA[x"),
        None,
    ),
    "its end cut off": (text_push("首台套").partition("</Content>")[0], "首台套]]>"),
}


@pytest.mark.parametrize("name", AS_READ)
def test_a_text_that_is_no_xml_is_read_as_a_person_would(name: str) -> None:
    push, text = AS_READ[name]
    inbound = parse_message(push.encode("utf-8", "surrogatepass"))

    assert (inbound.kind, inbound.openid, inbound.account) == ("text", OPENID, ACCOUNT)
    assert inbound.sent_at == 1767225600
    if text is not None:
        assert inbound.text.replace("]]>", "") == text.replace("]]>", "")
        assert inbound.message_id == ("" if "cut off" in name else "1")


def test_a_character_cut_in_two_is_left_out() -> None:
    whole = text_push("首台套").encode()
    at = whole.index("套".encode())
    assert parse_message(whole[: at + 2] + whole[at + 3 :]).text == "首台"


def test_a_link_with_a_bare_ampersand_is_a_link() -> None:
    push = PUSHES["link"].replace(
        "<![CDATA[https://m.example.test/a?b=1&c=2]]>", "https://m.example.test/a?b=1&c=2"
    )
    assert push != PUSHES["link"]
    inbound = parse_message(push)
    assert (inbound.kind, inbound.openid, inbound.message_id) == ("link", OPENID, "24000000000000008")


BREAKING = [
    "]]>",
    "<![CDATA[",
    "&",
    "&#55357;",
    "\x0b",
    "\ufffe",
    "首",
    "<b>",
    "</Content>",
    "<FromUserName>x",
]


@given(st.lists(st.sampled_from(BREAKING), max_size=12).map("".join))
def test_whoever_wrote_a_broken_text_is_known(typed: str) -> None:
    """Whatever is typed, nobody speaks in another's name, and what they said is theirs."""
    inbound = parse_message(text_push(typed + "]]>"))
    assert (inbound.openid, inbound.account, inbound.message_id) == (OPENID, ACCOUNT, "1")
    assert inbound.text.count("首") == typed.count("首")


PIECES = st.sampled_from(
    [
        "<xml>",
        "</xml>",
        "<a>",
        "</a>",
        "<b>",
        "</b>",
        "<![CDATA[",
        "]]>",
        "]",
        "x",
        "&amp;",
        "&",
        " ",
        "\n",
        "\r",
        "<List>",
        "</List>",
        "\x00",
        "\u3000",
        "<a/>",
        ">",
        "<",
    ]
)


@given(
    st.one_of(
        st.lists(PIECES, max_size=12),
        st.lists(
            st.sampled_from(
                [
                    "<a>x</a>",
                    "<b><![CDATA[y<z]]></b>",
                    "<c></c>",
                    "<d><![CDATA[]]></d>",
                    "<e>\n</e>",
                    " ",
                    "<a>2</a>",
                    "<List>l</List>",
                    "<f>&lt;</f>",
                    "<g><h>1</h></g>",
                    "<i>]]></i>",
                    "<j><![CDATA[[微笑]]]></j>",
                    "<k>\r\n</k>",
                ]
            ),
            max_size=6,
        ),
    )
)
def test_the_short_way_reads_what_the_parser_reads(pieces: list[str]) -> None:
    text = "<xml>" + "".join(pieces) + "</xml>"
    short = _flat_fields(text)
    if short is not None:
        assert short == _children(ElementTree.fromstring(text), 1)


@given(st.binary(max_size=300))
@example(b"\xef\xbb\xbf<xml></xml>")
def test_any_bytes_give_a_message_or_a_refusal(body: bytes) -> None:
    try:
        assert isinstance(parse_message(body), Inbound)
    except NotAMessageError as refusal:
        assert str(refusal)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=80))
def test_what_is_typed_arrives(typed: str) -> None:
    content = typed.replace("]]>", "")
    if "\ufffe" in content or "\uffff" in content:
        return
    assert parse_message(text_push(content)).text == content
