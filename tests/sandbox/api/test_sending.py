import pytest

from sandbox.platform.account import SandboxAccount
from sandbox.platform.features.templates import KIND_RULES, TEMPLATES, sandbox_template_settings
from tests.sandbox.conftest import make_wechat

CUSTOM = "/cgi-bin/message/custom/send"
TEMPLATE = "/cgi-bin/message/template/send"
NOTIFICATION = "/cgi-bin/message/subscribe/bizsend"
MASS = "/cgi-bin/message/mass/send"
ANNOUNCEMENT = next(t.template_id for t in TEMPLATES if t.title == "业务通知")
REMINDER = next(t.template_id for t in TEMPLATES if t.notification)
REMINDER_DATA = {
    "thing1": {"value": "首台套"},
    "time2": {"value": "2026年3月1日 17:00"},
    "thing3": {"value": "请尽早申报"},
}


def text(content="您好", to="oReader"):
    return {"touser": to, "msgtype": "text", "text": {"content": content}}


def announcement(to="oReader", **more):
    data = {"thing1": {"value": "首台套"}, "thing2": {"value": "摘要"}}
    return {"touser": to, "template_id": ANNOUNCEMENT, "data": data, **more}


def notification(**more):
    return {"touser": "oReader", "template_id": REMINDER, "data": REMINDER_DATA, **more}


class TestCustomerServiceMessages:
    def test_five_within_48_hours_of_a_message(self, wechat):
        wechat.person().sent_message(wechat.real())
        assert [wechat.code(CUSTOM, **text(str(n))) for n in range(6)] == [0] * 5 + [45047]
        wechat.real.forward(48 * 3600)
        assert wechat.code(CUSTOM, **text("late")) == 45015

    def test_three_within_a_minute_of_a_tap(self, wechat):
        wechat.person().acted(wechat.real())
        assert [wechat.code(CUSTOM, **text(str(n))) for n in range(4)] == [0] * 3 + [45047]
        wechat.real.forward(60)
        assert wechat.code(CUSTOM, **text("late")) == 45015

    def test_the_minutes_pool_is_spent_first(self, wechat):
        person = wechat.person()
        person.sent_message(wechat.real())
        person.acted(wechat.real())
        assert [wechat.code(CUSTOM, **text(str(n))) for n in range(9)] == [0] * 8 + [45047]

    def test_the_sandbox_date_does_not_close_a_window(self, wechat):
        wechat.person().sent_message(wechat.real())
        wechat.date.forward(30 * 86400)
        assert wechat.code(CUSTOM, **text()) == 0

    def test_who_left_or_is_unknown(self, wechat):
        person = wechat.person()
        person.sent_message(wechat.real())
        person.unfollow()
        assert wechat.code(CUSTOM, **text()) == 45015
        assert wechat.code(CUSTOM, **text(to="oNobody")) == 40003

    @pytest.mark.parametrize(
        ("body", "code"),
        [
            ({"msgtype": "text", "text": {"content": ""}}, 44004),
            ({"msgtype": "text", "text": {"content": "条" * 683}}, 45002),
            ({"msgtype": "text", "text": {"content": "条" * 682}}, 0),
            ({"msgtype": "text"}, 44002),
            ({"msgtype": "poem", "poem": {}}, 40008),
            ({}, 40008),
            ({"msgtype": "image", "image": {"media_id": "gone"}}, 40007),
            ({"msgtype": "news", "news": {"articles": []}}, 44003),
            ({"msgtype": "news", "news": {"articles": [{}, {}]}}, 45008),
            ({"msgtype": "news", "news": {"articles": [{"title": "t"}]}}, 0),
            ({"msgtype": "msgmenu", "msgmenu": {"list": []}}, 44004),
            ({"msgtype": "msgmenu", "msgmenu": {"list": [{"id": "1"}]}}, 47001),
            ({"msgtype": "msgmenu", "msgmenu": {"list": [{"id": "1", "content": "好"}]}}, 0),
        ],
    )
    def test_what_a_message_may_carry(self, wechat, body, code):
        person = wechat.person()
        person.sent_message(wechat.real())
        assert wechat.code(CUSTOM, touser="oReader", **body) == code
        assert person.message_left == (4 if code == 0 else 5)

    def test_a_second_copy_is_a_double(self, wechat):
        wechat.person().sent_message(wechat.real())
        wechat.call(CUSTOM, **text())
        wechat.call(CUSTOM, **text("another"))
        assert wechat.platform.deliveries.summary()["doubles"] == 0
        wechat.call(CUSTOM, **text())
        assert wechat.platform.deliveries.summary()["doubles"] == 1

    def test_typing_within_thirty_seconds_of_an_act(self, wechat):
        wechat.person().sent_message(wechat.real())
        path = "/cgi-bin/message/custom/typing"
        assert wechat.code(path, touser="oReader", command="Typing") == 0
        assert wechat.code(path, touser="oReader", command="Sing") == 45072
        wechat.real.forward(31)
        assert wechat.code(path, touser="oReader", command="Typing") == 45080


class TestTemplateMessages:
    def test_the_same_id_is_delivered_once_in_ten_minutes(self, wechat):
        wechat.person()
        first = wechat.call(TEMPLATE, **announcement(client_msg_id="a1"))
        wechat.real.forward(599)
        again = wechat.call(TEMPLATE, **announcement(client_msg_id="a1"))
        assert again == first
        assert wechat.platform.deliveries.summary() == {
            "delivered": 1,
            "by_way": {"template": 1},
            "doubles": 0,
            "swallowed": 1,
            "oldest_swallowed_s": 599.0,
        }

    def test_after_ten_minutes_the_id_is_forgotten_and_the_double_counted(self, wechat):
        wechat.person()
        wechat.call(TEMPLATE, **announcement(client_msg_id="a1"))
        wechat.real.forward(600)
        wechat.call(TEMPLATE, **announcement(client_msg_id="a1"))
        assert wechat.platform.deliveries.summary()["doubles"] == 1

    def test_the_memory_can_be_scaled_down(self, wechat):
        wechat.person()
        wechat.platform.deliveries.memory_seconds = 5
        wechat.call(TEMPLATE, **announcement(client_msg_id="a1"))
        wechat.real.forward(5)
        wechat.call(TEMPLATE, **announcement(client_msg_id="a1"))
        assert wechat.platform.deliveries.summary()["doubles"] == 1

    def test_the_same_id_reaches_two_people(self, wechat):
        wechat.person()
        wechat.person("oOther")
        wechat.call(TEMPLATE, **announcement(client_msg_id="a1"))
        wechat.call(TEMPLATE, **announcement(to="oOther", client_msg_id="a1"))
        assert wechat.platform.deliveries.delivered_to() == {"oReader", "oOther"}

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"touser": "oNobody"}, 40003),
            ({"template_id": "none"}, 40037),
            ({"template_id": REMINDER}, 40037),
            ({"data": {"thing1": {"value": "首台套"}}}, 47003),
            ({"data": {"thing1": {"value": "条" * 21}, "thing2": {"value": "摘要"}}}, 47003),
            ({"data": {"thing1": {"value": "两\n行"}, "thing2": {"value": "摘要"}}}, 47003),
        ],
    )
    def test_refusals(self, wechat, change, code):
        wechat.person()
        assert wechat.code(TEMPLATE, **(announcement() | change)) == code
        assert wechat.events == []

    def test_who_does_not_follow(self, wechat):
        wechat.person(following=False)
        assert wechat.code(TEMPLATE, **announcement()) == 43004

    def test_a_receipt_follows(self, wechat):
        wechat.person()
        sent = wechat.call(TEMPLATE, **announcement())
        (event,) = wechat.events
        assert event.event == "TEMPLATESENDJOBFINISH"
        assert event.fields == {"MsgID": sent["msgid"], "Status": "success"}

    def test_who_refuses_templates_gets_none_and_the_receipt_says_so(self, wechat):
        wechat.person(refuses_templates=True)
        assert wechat.code(TEMPLATE, **announcement(client_msg_id="a1")) == 0
        assert wechat.events[0].fields["Status"] == "failed:user block"
        assert wechat.platform.deliveries.summary()["delivered"] == 0

    def test_a_receipt_may_be_doubled_and_say_that_the_system_failed(self, wechat):
        wechat.person()
        wechat.platform.behaviour.receipt_copies = 2
        wechat.platform.behaviour.system_failures = 1.0
        wechat.call(TEMPLATE, **announcement())
        assert [event.fields["Status"] for event in wechat.events] == ["failed: system failed"] * 2
        assert wechat.platform.deliveries.summary()["delivered"] == 0

    @pytest.mark.parametrize(
        ("kind", "good", "bad"),
        [
            ("thing", "条" * 20, "条" * 21),
            ("character_string", "A-1", "条"),
            ("number", "12.5", "12a"),
            ("letter", "abc", "abc1"),
            ("symbol", "!!", "a"),
            ("time", "15:01", "2026年3月1日"),
            ("time", "2026年3月1日 15:01~2026年3月2日 15:01", "15"),
            ("date", "2026年3月1日", "三月一日"),
            ("date", "2026-03-01 15:01", "2026"),
            ("amount", "¥100.5元", "一百元"),
            ("phone_number", "+86-0532", "电话"),
            ("car_number", "鲁B12345", "鲁B1234567"),
            ("name", "王小明", "条" * 11),
            ("phrase", "待申报", "待申报的政策"),
            ("const", "甲", "条" * 21),
        ],
    )
    def test_typed_values(self, kind, good, bad):
        assert KIND_RULES[kind](good)
        assert not KIND_RULES[kind](bad)

    def test_the_settings_of_the_sandbox_name_fields_that_its_templates_have(self):
        fields = {template.template_id: set(template.fields) for template in TEMPLATES}
        for setting in sandbox_template_settings().values():
            for each in filter(None, (setting, setting.get("subscribe"))):
                assert set(each["fields"]) == fields[each["id"]]


class TestNotifications:
    def test_one_for_each_consent(self, wechat):
        wechat.person(consents={REMINDER: 1})
        assert wechat.code(NOTIFICATION, **notification()) == 0
        assert wechat.code(NOTIFICATION, **notification()) == 43101

    def test_none_without_consent(self, wechat):
        wechat.person()
        assert wechat.code(NOTIFICATION, **notification()) == 43101

    def test_a_lasting_consent_is_not_spent(self, wechat):
        wechat.person(consents={REMINDER: -1})
        codes = [wechat.code(NOTIFICATION, **notification(client_msg_id=str(n))) for n in range(3)]
        assert codes == [0, 0, 0]

    def test_a_receipt_follows_in_its_list(self, wechat):
        wechat.person(consents={REMINDER: 1})
        sent = wechat.call(NOTIFICATION, **notification())
        (event,) = wechat.events
        assert event.event == "subscribe_msg_sent_event"
        (result,) = event.fields["SubscribeMsgSentEvent"]["List"]
        assert (result["MsgID"], result["ErrorCode"]) == (sent["msgid"], 0)

    @pytest.mark.parametrize(("remembers", "code"), [(True, 0), (False, 43101)])
    def test_whether_it_remembers_ids_is_a_switch(self, wechat, remembers, code):
        wechat.person(consents={REMINDER: 1})
        wechat.platform.behaviour.notifications_remember = remembers
        wechat.call(NOTIFICATION, **notification(client_msg_id="a1"))
        assert wechat.code(NOTIFICATION, **notification(client_msg_id="a1")) == code


class TestMassSends:
    def mass(self, wechat, *openids, **more):
        body = {"touser": list(openids), "msgtype": "text", "text": {"content": "通知"}, **more}
        return wechat.call(MASS, **body)

    @pytest.fixture
    def crowd(self, wechat):
        for number in range(3):
            wechat.person(f"oCrowd{number}")
        return [f"oCrowd{number}" for number in range(3)]

    def test_accepted_then_finished_with_counts(self, wechat, crowd):
        wechat.platform.people.get(crowd[0]).unfollow()
        sent = self.mass(wechat, *crowd, clientmsgid="m1")
        status = "/cgi-bin/message/mass/get"
        assert wechat.call(status, msg_id=sent["msg_id"])["msg_status"] == "SENDING"
        wechat.real.forward(1)
        assert wechat.call(status, msg_id=sent["msg_id"])["msg_status"] == "SEND_SUCCESS"
        fields = wechat.events[0].fields
        assert (fields["TotalCount"], fields["FilterCount"], fields["SentCount"]) == (3, 2, 2)

    def test_a_known_id_is_answered_with_its_job(self, wechat, crowd):
        sent = self.mass(wechat, *crowd, clientmsgid="m1")
        assert self.mass(wechat, *crowd, clientmsgid="m1")["errcode"] == 45066
        wechat.real.forward(60)
        again = self.mass(wechat, *crowd, clientmsgid="m1")
        assert (again["errcode"], again["msg_id"]) == (45065, sent["msg_id"])

    def test_without_an_id_the_same_content_to_the_same_people_is_the_same_send(self, wechat, crowd):
        self.mass(wechat, *crowd)
        wechat.real.forward(3600)
        assert self.mass(wechat, *crowd)["errcode"] == 45065
        wechat.real.forward(86400)
        assert self.mass(wechat, *crowd)["errcode"] == 0

    def test_each_fan_gets_four_a_month(self, wechat, crowd):
        counts = []
        for number in range(5):
            self.mass(wechat, *crowd, clientmsgid=f"m{number}")
            counts.append(wechat.events[-1].fields["SentCount"])
        assert counts == [3, 3, 3, 3, 0]
        wechat.date.forward(31 * 86400)
        self.mass(wechat, *crowd, clientmsgid="next month")
        assert wechat.events[-1].fields["SentCount"] == 3

    @pytest.mark.parametrize(("openids", "code"), [(["oCrowd0"], 40130), (["o"] * 10_001, 40032)])
    def test_the_size_of_the_list(self, wechat, crowd, openids, code):
        assert self.mass(wechat, *openids)["errcode"] == code

    def test_an_id_that_is_too_long(self, wechat, crowd):
        assert self.mass(wechat, *crowd, clientmsgid="m" * 65)["errcode"] == 45067

    def test_to_a_tag_and_to_all(self, wechat, crowd):
        tag = wechat.call("/cgi-bin/tags/create", tag={"name": "海洋"})["tag"]["id"]
        wechat.call("/cgi-bin/tags/members/batchtagging", tagid=tag, openid_list=crowd[:2])
        path, body = "/cgi-bin/message/mass/sendall", {"msgtype": "text", "text": {"content": "通知"}}
        wechat.call(path, filter={"is_to_all": False, "tag_id": tag}, clientmsgid="t", **body)
        assert wechat.events[-1].fields["SentCount"] == 2
        wechat.call(path, filter={"is_to_all": True}, clientmsgid="a", **body)
        assert wechat.events[-1].fields["SentCount"] == 3
        assert wechat.code(path, filter={"tag_id": 999}, **body) == 40152

    def test_a_subscription_account_sends_once_a_day(self, credentials):
        wechat = make_wechat(SandboxAccount(credentials, kind="subscription"))
        wechat.person()
        path, body = "/cgi-bin/message/mass/sendall", {"msgtype": "text", "text": {"content": "通知"}}
        assert wechat.code(path, filter={"is_to_all": True}, clientmsgid="1", **body) == 0
        assert wechat.code(path, filter={"is_to_all": True}, clientmsgid="2", **body) == 45028
