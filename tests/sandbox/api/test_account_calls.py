"""Menus, tags, followers, QR codes, media and quotas, by the errcodes they refuse with."""

import pytest

from sandbox.api.calls import CALLS
from sandbox.platform.account import SandboxAccount
from sandbox.platform.errors import ERRMSG, ApiError

CLICK = {"type": "click", "name": "帮助", "key": "HELP"}


@pytest.mark.parametrize(
    ("button", "code"),
    [
        ([CLICK], 0),
        ([CLICK, CLICK, CLICK, CLICK], 40016),
        ([], 40016),
        ("none", 40016),
        ([{"type": "dance", "name": "跳"}], 40017),
        ([{"type": "click", "name": "六个汉字太长", "key": "K"}], 40018),
        ([{"type": "click", "name": "", "key": "K"}], 40018),
        ([{"type": "click", "name": "帮助", "key": "K" * 129}], 40019),
        ([{"type": "view", "name": "网页", "url": "ftp://x"}], 40020),
        ([{"type": "view", "name": "网页", "url": "https://m.example.test/" + "x" * 1024}], 40020),
        ([{"name": "更多", "sub_button": [CLICK] * 5}], 0),
        ([{"name": "更多", "sub_button": [CLICK] * 6}], 40023),
        ([{"name": "更多", "sub_button": [{"type": "dance", "name": "跳"}]}], 40024),
        ([{"name": "更多", "sub_button": [{"type": "click", "name": "条" * 21, "key": "K"}]}], 40025),
        ([{"name": "更多", "sub_button": [{"type": "click", "name": "条"}]}], 40026),
        ([{"name": "更多", "sub_button": [{"type": "view", "name": "条", "url": "x"}]}], 40027),
    ],
)
def test_which_menus_are_taken(wechat, button, code):
    assert wechat.code("/cgi-bin/menu/create", button=button) == code


def test_a_menu_is_put_got_and_deleted(wechat):
    assert wechat.code("/cgi-bin/menu/get") == 46003
    wechat.call("/cgi-bin/menu/create", button=[CLICK])
    assert wechat.call("/cgi-bin/menu/get")["menu"]["button"] == [CLICK]
    assert wechat.call("/cgi-bin/get_current_selfmenu_info")["is_menu_open"] == 1
    wechat.call("/cgi-bin/menu/delete")
    assert wechat.code("/cgi-bin/menu/get") == 46003


def test_tags_come_and_go(wechat):
    person = wechat.person()
    tag = wechat.call("/cgi-bin/tags/create", tag={"name": "海洋"})["tag"]["id"]
    assert wechat.code("/cgi-bin/tags/create", tag={"name": "海洋"}) == 45157
    assert wechat.code("/cgi-bin/tags/create", tag={"name": "条" * 31}) == 45158
    assert wechat.code("/cgi-bin/tags/members/batchtagging", tagid=tag, openid_list=["oReader"]) == 0
    assert wechat.call("/cgi-bin/tags/getidlist", openid="oReader")["tagid_list"] == [tag]
    assert wechat.call("/cgi-bin/user/tag/get", tagid=tag)["data"]["openid"] == ["oReader"]
    assert wechat.code("/cgi-bin/tags/update", tag={"id": tag, "name": "蓝色"}) == 0
    assert {"id": tag, "name": "蓝色", "count": 1} in wechat.call("/cgi-bin/tags/get")["tags"]
    assert wechat.code("/cgi-bin/tags/members/batchuntagging", tagid=tag, openid_list=["oReader"]) == 0
    assert person.tags == ()
    assert wechat.code("/cgi-bin/tags/delete", tag={"id": tag}) == 0
    assert wechat.code("/cgi-bin/tags/delete", tag={"id": tag}) == 45159
    assert wechat.code("/cgi-bin/tags/delete", tag={"id": 2}) == 45058


def test_a_person_has_at_most_twenty_tags(wechat):
    wechat.person(tags=tuple(range(200, 220)))
    tag = wechat.call("/cgi-bin/tags/create", tag={"name": "海洋"})["tag"]["id"]
    path = "/cgi-bin/tags/members/batchtagging"
    assert wechat.code(path, tagid=tag, openid_list=["oReader"]) == 45059
    assert wechat.code(path, tagid=tag, openid_list=["o"] * 51) == 40032
    assert wechat.code(path, tagid=tag, openid_list=["oNobody"]) == 40003
    assert wechat.code(path, tagid=99, openid_list=["oReader"]) == 45159


def test_little_is_known_of_who_does_not_follow(wechat):
    wechat.person(following=False)
    assert wechat.call("/cgi-bin/user/info", openid="oReader") == {
        "subscribe": 0,
        "openid": "oReader",
        "tagid_list": [],
    }
    assert wechat.code("/cgi-bin/user/info", openid="oNobody") == 40003


def test_followers_come_by_pages_and_the_last_is_empty(wechat):
    for number in range(10_001):
        wechat.person(f"o{number:05d}")
    wechat.person("oAway", following=False)
    first = wechat.call("/cgi-bin/user/get")
    assert (first["total"], first["count"], first["next_openid"]) == (10_001, 10_000, "o09999")
    second = wechat.call("/cgi-bin/user/get", next_openid=first["next_openid"])
    assert second["data"]["openid"] == ["o10000"]
    last = wechat.call("/cgi-bin/user/get", next_openid="o10000")
    assert last == {"total": 10_001, "count": 0, "next_openid": ""}


def test_info_of_up_to_a_hundred(wechat):
    wechat.person()
    path = "/cgi-bin/user/info/batchget"
    assert wechat.call(path, user_list=[{"openid": "oReader"}])["user_info_list"][0]["subscribe"] == 1
    assert wechat.code(path, user_list=[{"openid": "oReader"}] * 101) == 40032


def test_the_blacklist(wechat):
    person = wechat.person()
    assert wechat.code("/cgi-bin/tags/members/batchblacklist", openid_list=["oReader"]) == 0
    assert person.blacklisted
    assert wechat.call("/cgi-bin/tags/members/getblacklist")["data"]["openid"] == ["oReader"]
    assert wechat.code("/cgi-bin/tags/members/batchunblacklist", openid_list=["oReader"]) == 0
    assert not person.blacklisted
    assert wechat.code("/cgi-bin/tags/members/batchblacklist", openid_list=["o"] * 21) == 40032


def scene(**scene):
    return {"action_info": {"scene": scene}}


@pytest.mark.parametrize(
    ("body", "seconds"),
    [
        ({"action_name": "QR_STR_SCENE", **scene(scene_str="track_marine")}, 30),
        (
            {"action_name": "QR_STR_SCENE", "expire_seconds": 9_999_999, **scene(scene_str="t")},
            2_592_000,
        ),
        ({"action_name": "QR_SCENE", "expire_seconds": 60, **scene(scene_id=7)}, 60),
        ({"action_name": "QR_LIMIT_STR_SCENE", **scene(scene_str="t")}, None),
    ],
)
def test_qr_codes(wechat, body, seconds):
    answer = wechat.call("/cgi-bin/qrcode/create", **body)
    assert answer.get("expire_seconds") == seconds
    assert wechat.platform.qr_codes.get(answer["ticket"])
    wechat.real.forward((seconds or 10**9) + 1)
    assert bool(wechat.platform.qr_codes.get(answer["ticket"])) == (seconds is None)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"action_name": "QR_MAGIC", **scene(scene_id=1)}, 40052),
        ({"action_name": "QR_LIMIT_SCENE", **scene(scene_id=100_001)}, 40053),
        ({"action_name": "QR_SCENE", **scene(scene_id=0)}, 40053),
        ({"action_name": "QR_STR_SCENE", **scene(scene_str="x" * 65)}, 40053),
        ({"action_name": "QR_STR_SCENE"}, 40053),
        ({"action_name": "QR_STR_SCENE", "expire_seconds": "soon", **scene(scene_str="x")}, 40053),
    ],
)
def test_qr_codes_that_are_refused(wechat, body, code):
    assert wechat.code("/cgi-bin/qrcode/create", **body) == code


@pytest.mark.parametrize(
    ("kind", "content", "code"),
    [("image", b"x", 0), ("poem", b"x", 40004), ("image", b"", 41005), ("thumb", b"x" * 65_537, 40006)],
)
def test_media(wechat, kind, content, code):
    assert wechat.code("/cgi-bin/media/upload", type=kind, media=("image/png", content)) == code


def test_media_are_kept_three_days(wechat):
    media_id = wechat.call("/cgi-bin/media/upload", type="image", media=("image/png", b"x"))["media_id"]
    assert wechat.platform.media.get(media_id).content == b"x"
    wechat.real.forward(3 * 86400)
    with pytest.raises(ApiError):
        wechat.platform.media.get(media_id)


class TestQuotas:
    PATH = "/cgi-bin/message/template/send"

    def take(self, wechat, times=1):
        codes = []
        for _ in range(times):
            try:
                wechat.platform.quotas.take(self.PATH)
                codes.append(0)
            except ApiError as error:
                codes.append(error.errcode)
        return codes

    def test_a_day_ends_at_midnight_in_beijing(self, wechat):
        wechat.platform.quotas.daily[self.PATH] = 2
        assert self.take(wechat, 3) == [0, 0, 45009]
        wechat.date.forward(12 * 3600 - 1)
        assert self.take(wechat) == [45009]
        wechat.date.forward(1)
        assert self.take(wechat) == [0]

    def test_a_minute(self, wechat):
        wechat.platform.quotas.per_minute[self.PATH] = 1
        assert self.take(wechat, 2) == [0, 45011]
        wechat.date.forward(60)
        assert self.take(wechat) == [0]

    def test_it_can_be_read_and_cleared_ten_times(self, wechat, credentials):
        wechat.platform.quotas.daily[self.PATH] = 5
        self.take(wechat, 5)
        path = "/cgi-bin/openapi/quota/get"
        quota = wechat.call(path, cgi_path=self.PATH)["quota"]
        assert quota == {"daily_limit": 5, "used": 5, "remain": 0}
        assert wechat.code(path, cgi_path="/none") == 76021
        codes = [wechat.code("/cgi-bin/clear_quota", appid=credentials.app_id) for _ in range(11)]
        assert codes == [0] * 10 + [48006]
        assert self.take(wechat) == [0]


SERVICE_ONLY = {"message/template/send", "message/mass/send", "qrcode/create"}
VERIFIED_ONLY = {"menu/create", "message/custom/send", "message/mass/sendall", "user/info", "tags/create"}
OPEN = {"stable_token", "getcallbackip", "get_current_selfmenu_info"}


@pytest.mark.parametrize(
    ("account", "refused"),
    [
        ({}, set()),
        ({"kind": "subscription"}, SERVICE_ONLY),
        ({"verified": False}, SERVICE_ONLY | VERIFIED_ONLY | {"message/subscribe/bizsend"}),
        ({"notifications": False}, {"message/subscribe/bizsend"}),
    ],
)
def test_what_an_account_may_not(credentials, account, refused):
    def allowed(path):
        try:
            SandboxAccount(credentials, **account).require(CALLS[f"/cgi-bin/{path}"].needs)
        except ApiError as error:
            assert error.errcode == 48001
            return False
        return True

    asked = SERVICE_ONLY | VERIFIED_ONLY | OPEN | {"message/subscribe/bizsend"}
    assert {path for path in asked if not allowed(path)} == refused


def test_every_call_is_known_by_its_own_path():
    assert all(path == call.path for path, call in CALLS.items())
    assert all(isinstance(code, int) and text for code, text in ERRMSG.items())
