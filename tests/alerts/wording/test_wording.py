"""What an alert says: the days left are counted when it leaves, links survive, nothing typed makes a link."""

from datetime import date

import pytest

from alerts.channels.template.values import template_values
from alerts.model.content import AlertKind, ClauseChange, Content
from alerts.wording.wording import closing, facts, text
from policies.guides.guide import Guide
from policies.windows.typed_dates import OPEN_ENDED
from tests.kit.properties import given, st
from wechat.texts import TEXT_LIMIT

TODAY = date(2026, 12, 17)
URL = "https://bot.example.test"


def test_a_deadline_says_how_long_is_left_where_to_apply_and_how_to_stop() -> None:
    content = Content(
        title="数字化改造补助",
        policy_id=7,
        window_id=3,
        opens_on=date(2026, 12, 1),
        closes_on=date(2026, 12, 20),
        url="https://apply.example.test",
    )
    words = text([(AlertKind.DEADLINE, content)], TODAY, URL)
    assert words.startswith(
        "【申报提醒】数字化改造补助\n申报时间：2026年12月1日至2026年12月20日\n还有 3 天截止"
    )
    assert 'href="https://apply.example.test"' in words
    assert f'href="{URL}/p/7"' in words
    assert "已申报" in words


def test_a_reminder_says_materials_place_and_phone_as_entered() -> None:
    guide = Guide(
        conditions="不必重复",
        materials=("申报书", "设备发票"),
        where="区政务中心3楼",
        phone="0532-00000001",
        url="https://apply.example.test/22",
        checked_on=date(2026, 12, 1),
    )
    content = Content(title="数字化改造补助", window_id=3, closes_on=date(2026, 12, 20), guide=guide)
    words = text([(AlertKind.DEADLINE, content)], TODAY, URL)
    said = "材料：申报书；设备发票\n在哪办：区政务中心3楼\n电话：0532-00000001\n（工作人员填写，2026年12月1日核对）"
    assert said in words
    assert 'href="https://apply.example.test/22"' in words
    assert "不必重复" not in words
    assert facts([(AlertKind.DEADLINE, content)], TODAY)["phone"] == "0532-00000001"


def test_a_window_without_an_end_is_said_to_be_open_for_long_and_shows_no_far_day() -> None:
    content = Content(title="海水淡化", window_id=3, opens_on=date(2026, 12, 1), closes_on=OPEN_ENDED)
    words = text([(AlertKind.OPENING, content)], TODAY, URL)
    assert "申报时间：2026年12月1日起" in words
    assert "长期受理" in words
    assert closing(OPEN_ENDED, TODAY) == "长期受理"
    card = facts([(AlertKind.OPENING, content)], TODAY)
    assert "9999" not in words + "".join(card.values())
    assert card["closes_on"] == "", "the day it opens is no closing day: a card that wants one is passed over"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("", "（试行）", "正文增加：（试行）"),
        ("须于年底前完工。", "", "正文删去：须于年底前完工。"),
        (
            "甲" * 200 + "600万元",
            "甲" * 200 + "800万元",
            f"正文\n原：…{'甲' * 20}600万元\n现：…{'甲' * 20}800万元",
        ),
        ("乙" * 200, "丙" * 130, f"正文\n原：{'乙' * 120}…\n现：{'丙' * 120}…"),
    ],
    ids=["added", "left out", "long and alike at first", "long"],
)
def test_a_change_is_said_as_what_it_is(old: str, new: str, said: str) -> None:
    content = Content(title="甲", changes=(ClauseChange(what="正文", old=old, new=new),))
    assert f"\n{said}\n" in text([(AlertKind.POLICY_CHANGED, content)], TODAY, URL)


def test_a_changed_clause_shows_old_and_new_words() -> None:
    content = Content(
        title="甲", changes=(ClauseChange(what="金额", old="最高 50 万元", new="最高 80 万元"),)
    )
    assert "金额\n原：最高 50 万元\n现：最高 80 万元" in text(
        [(AlertKind.POLICY_CHANGED, content)], TODAY, URL
    )


def test_a_sample_says_so() -> None:
    assert "示例" in text([(AlertKind.OPENING, Content(title="甲", sample=True))], TODAY, URL)


def test_what_has_no_room_in_a_digest_is_counted() -> None:
    alerts = [(AlertKind.NEW_POLICY, Content(title="很长的政策名称" * 5)) for _ in range(40)]
    words = text(alerts, TODAY, URL)
    assert words.startswith("您有 40 条提醒：\n1. ")
    assert "另有" in words
    assert len(words.encode()) <= TEXT_LIMIT


@given(st.text(max_size=3000), st.text(max_size=80))
def test_no_announcement_is_too_long_loses_its_link_or_makes_one(body: str, title: str) -> None:
    content = Content(title=title, body=body, url="https://a.example.test/x")
    words = text([(AlertKind.ANNOUNCEMENT, content)], TODAY, URL)
    assert len(words.encode("utf-8", "surrogatepass")) <= TEXT_LIMIT
    assert '<a href="https://a.example.test/x">查看详情</a>' in words
    assert words.endswith("回复TD退订</a>")
    assert words.count("<a ") == 2


def test_every_message_but_the_answer_to_a_binding_says_how_to_stop() -> None:
    content = Content(title="甲", body="乙", closes_on=TODAY)
    for kind in AlertKind:
        assert ("回复TD退订" in text([(kind, content)], TODAY, URL)) is (kind is not AlertKind.COMPANY), kind
    assert "回复TD退订" in text([(AlertKind.OPENING, content)] * 2, TODAY, URL)


@pytest.mark.parametrize(
    ("closes_on", "old", "expected"),
    [
        (date(2026, 12, 31), date(2026, 12, 27), "截止改为12月31日（原12月27日）"),
        (date(2027, 1, 15), date(2026, 12, 27), "截止日期改为2027年1月15日"),
        (date(2026, 12, 31), None, "申报照常进行，12月31日截止"),
        (None, date(2026, 12, 27), "本次申报已取消"),
    ],
)
def test_a_card_has_room_for_what_became_of_a_window(
    closes_on: date | None, old: date | None, expected: str
) -> None:
    content = Content(title="甲", closes_on=closes_on, old_closes_on=old)
    said = facts([(AlertKind.DATE_CHANGED, content)], TODAY)["summary"]
    assert said == expected
    assert template_values({"thing1": "{summary}"}, {"summary": said}) == {"thing1": expected}


def test_a_card_of_several_marks_the_title_it_cuts_and_says_how_many() -> None:
    long = Content(title="2026年海水淡化项目设备投资补助申报")
    title = facts([(AlertKind.OPENING, long)] * 3, TODAY)["title"]
    assert title == "2026年海水淡化项目设备投…等 3 条"
    assert template_values({"thing1": "{title}"}, {"title": title}) == {"thing1": title}


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 9, 1), "9月27日截止，还有 26 天"),
        (date(2026, 9, 26), "9月27日（明天）截止"),
        (date(2026, 9, 27), "9月27日（今天）截止"),
    ],
)
def test_a_closing_day_and_what_is_left_say_once_that_it_closes(today: date, expected: str) -> None:
    assert closing(date(2026, 9, 27), today) == expected


@pytest.mark.parametrize("kind", [AlertKind.OPENING, AlertKind.DEADLINE])
def test_an_alert_read_after_the_close_says_that_it_is_over(kind: AlertKind) -> None:
    content = Content(title="甲", window_id=1, opens_on=date(2026, 12, 1), closes_on=date(2026, 12, 16))
    assert "已截止" in text([(kind, content)], TODAY, URL)
    assert facts([(kind, content)], TODAY)["summary"] == "申报已截止"


@pytest.mark.parametrize(
    "link", ["", "https://a.example/" + "x" * 192, "9" * 5000, "https://a.example/" + "x" * 2100]
)
def test_a_long_sentence_is_cut_inside_where_it_has_no_mark(link: str) -> None:
    content = Content(title="通知", body="字" * 600, url=link)
    words = text([(AlertKind.ANNOUNCEMENT, content)], TODAY, URL)
    assert words.startswith("【公告】通知\n字字字")
    assert len(words.encode()) <= TEXT_LIMIT
    assert words.count("字") > 500
