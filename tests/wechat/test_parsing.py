from xml.etree import ElementTree

import pytest
import wechatpy
from hypothesis import example, given
from hypothesis import strategies as st

from tests.wechat.pushes import ACCOUNT, OPENID, PUSHES, text_push
from wechat.messages import Inbound
from wechat.parsing import NotAMessage, _children, _flat_fields, parse_message

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
    "cut off": text_push("你好")[:-20],
    "two roots": text_push("a") + text_push("b"),
    "a control character": text_push("\x00"),
    "very deep": "<xml>" + "<a>" * 9000 + "</a>" * 9000 + "</xml>",
    "no sender": text_push("a", openid=""),
    "no time": text_push("a").replace("1767225600", "now"),
    "an element as sender": text_push("a").replace(f"<![CDATA[{OPENID}]]>", "<b>x</b>"),
    "empty root": "<xml/>",
    "another encoding": '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a><xml></xml>',
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_xml_is_refused(name: str) -> None:
    with pytest.raises(NotAMessage):
        parse_message(HOSTILE[name].encode("utf-8", "surrogatepass"))


def test_other_encodings_are_refused() -> None:
    with pytest.raises(NotAMessage):
        parse_message(text_push("你好").encode("gbk"))
    with pytest.raises(NotAMessage):
        parse_message(text_push("你好").encode("utf-16"))


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
    except NotAMessage as refusal:
        assert str(refusal)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=80))
def test_what_is_typed_arrives(typed: str) -> None:
    content = typed.replace("]]>", "")
    if "\ufffe" in content or "\uffff" in content:
        return
    assert parse_message(text_push(content)).text == content
