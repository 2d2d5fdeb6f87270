from xml.etree import ElementTree as ET

import pytest

from tests.kit.properties import given, st
from wechat.push.rendering import render
from wechat.replies import Text

TO, FROM = "oSIM_user_000000000000000001", "gh_sim000000001"


def fields(reply: Text) -> dict[str, str]:
    root = ET.fromstring(render(reply, to=TO, sender=FROM, at=1767225601))
    return {element.tag: element.text or "" for element in root}


def test_a_text_reply() -> None:
    assert fields(Text("第一行\n第二行")) == {
        "ToUserName": TO,
        "FromUserName": FROM,
        "CreateTime": "1767225601",
        "MsgType": "text",
        "Content": "第一行\n第二行",
    }


def test_nothing_to_say_renders_to_nothing() -> None:
    assert render(None, to=TO, sender=FROM, at=1) == ""


@pytest.mark.parametrize(
    "typed",
    [
        "]]></Content><ToUserName><![CDATA[oEvil]]></ToUserName>",
        "]]>",
        "]]]]>>",
        "<![CDATA[x]]>",
        "]]\x00>",
        "&amp;<a>",
    ],
)
def test_no_text_breaks_out_of_its_element(typed: str) -> None:
    shown = fields(Text(typed))
    assert shown["ToUserName"] == TO
    assert shown["Content"] == typed.replace("\x00", "")


@given(st.text(max_size=200))
def test_any_text_arrives_but_for_what_xml_cannot_hold(text: str) -> None:
    shown = fields(Text(text))
    assert set(shown) == {"ToUserName", "FromUserName", "CreateTime", "MsgType", "Content"}
    legal = "".join(
        c
        for c in text
        if c in "\t\n\r" or "\x20" <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c >= "\U00010000"
    )
    assert shown["Content"] == legal.replace("\r\n", "\n").replace("\r", "\n")
