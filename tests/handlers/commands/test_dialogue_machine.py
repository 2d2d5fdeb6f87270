"""Whatever is typed in whatever order, the stored subscriptions are what the replies said."""

import asyncio
import re
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from redis.asyncio import Redis

from bot.runtime.valkey import EmbeddedValkey
from policies.district.folder import load_district
from policies.knowledge import Knowledge
from storage.sql.database import Database
from tests.handlers.commands.town import Heard, Town
from tests.kit.clocks import SetClock
from tests.kit.properties import HealthCheck, examples, st

TRACKS = load_district().tracks.tracks
IDS = {track.name: track.id for track in TRACKS}
NAMES = [*IDS, *(alias for track in TRACKS for alias in track.aliases)]
_LISTED = r"([^。\n]+)。"

numbers = st.lists(st.integers(0, 21), min_size=1, max_size=4).map(lambda ns: " ".join(map(str, ns)))
names = st.lists(st.sampled_from(NAMES), min_size=1, max_size=3).map("、".join)
near = st.sampled_from(["海水单化", "人工只能", "集成电陆", "远洋鱼业", "海洋", "新能源气车"])
starts = st.sampled_from(
    ["订阅", "退订", "我的订阅", "提醒设置", "绑定企业", "解绑", "帮助", "删除我的数据", "导出我的数据"]
)
follow_ups = st.sampled_from(
    [
        "取消",
        "全部",
        "是",
        "不是",
        "1",
        "2",
        "22",
        "确认删除",
        "退订全部",
        "订阅全部",
        "每天汇总",
        "下一页",
        "换绑",
    ]
)
questions = st.sampled_from(
    [
        "首台套",
        "第22条",
        "工信局有哪些政策",
        "海水淡化有什么政策",
        "你好",
        "谢谢",
        "最高2000万的政策",
        "91350100M000100Y43",
        "青岛某某公司",
    ]
)
typed = st.one_of(
    starts,
    follow_ups,
    follow_ups,
    numbers,
    names,
    near,
    questions,
    st.builds(
        "{}{}{}".format, st.sampled_from(["订阅", "退订"]), st.sampled_from(["", " "]), numbers | names | near
    ),
    st.text(max_size=12),
)


def said_ids(text: str, pattern: str) -> set[str]:
    """The tracks that a reply names; clauses and questions can be followed too."""
    return {IDS[name] for found in re.findall(pattern, text) for name in found.split("、") if name in IDS}


class Conversation(RuleBasedStateMachine):
    """`believed` is what a person knows from the replies alone."""

    template: Path
    knowledge: Knowledge
    redis_url: str

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = TemporaryDirectory()
        path = Path(self.folder.name) / "policybot.db"
        shutil.copy(self.template, path)
        self.database = Database.open(f"sqlite+aiosqlite:///{path}")
        self.redis = Redis.from_url(self.redis_url)
        self.clock = SetClock()
        self.anna = Town(self.database, self.redis, self.clock, self.knowledge).person()
        self.believed: set[str] = set()

    def hear(self, reply: Heard) -> None:
        text = reply.text
        already = said_ids(text, rf"此前已订阅：{_LISTED}") | said_ids(text, r"您已订阅“([^”]+)”赛道")
        never = said_ids(text, rf"您没有订阅：{_LISTED}")
        restored = said_ids(text, rf"您之前的订阅已恢复：{_LISTED}")
        assert already <= self.believed
        assert not never & self.believed
        assert not restored or restored == self.believed
        self.believed |= said_ids(text, rf"已为您订阅：{_LISTED}") | said_ids(
            text, r"已为您订阅“([^”]+)”赛道"
        )
        self.believed -= said_ids(text, rf"已退订：{_LISTED}") | said_ids(
            text, rf"已撤销刚才的订阅：{_LISTED}"
        )
        self.believed |= said_ids(text, rf"(?:已恢复刚才退订的|已恢复推送。订阅的内容)：{_LISTED}")
        if "您的数据已全部删除" in text or "已全部退订：" in text:
            self.believed = set()
        if "您订阅了" in text:
            listed = {line[2:] for line in text.split("\n") if line.startswith("· ")}
            assert {IDS[name] for name in listed & IDS.keys()} == self.believed
        if reply.intent == "my_subscriptions" and "还没有订阅" in text:
            assert not self.believed

    @rule(text=typed)
    def say(self, text: str) -> None:
        self.hear(self.runner.run(self.anna.says(text)))

    @precondition(lambda self: self.anna.last.taps)
    @rule(data=st.data())
    def tap(self, data: st.DataObject) -> None:
        label = data.draw(st.sampled_from(sorted(self.anna.last.taps)))
        self.hear(self.runner.run(self.anna.taps(label)))

    @rule(
        key=st.sampled_from(["MENU_SUBSCRIBE", "MENU_MY_SUBSCRIPTIONS", "MENU_PREFERENCES", "MENU_MY_DATA"])
    )
    def click(self, key: str) -> None:
        self.hear(self.runner.run(self.anna.does("click", key)))

    @rule(track=st.sampled_from(TRACKS), event=st.sampled_from(["subscribe", "scan"]))
    def scan(self, track: object, event: str) -> None:
        self.hear(self.runner.run(self.anna.does(event, f"track:{track.id}")))  # type: ignore[attr-defined]

    @rule()
    def leave_and_return(self) -> None:
        self.runner.run(self.anna.does("unsubscribe"))
        self.hear(self.runner.run(self.anna.follows()))

    @rule(minutes=st.integers(1, 40))
    def time_passes(self, minutes: int) -> None:
        self.clock.forward(minutes=minutes)
        if minutes >= 30:
            self.anna.stored = b""  # the session has expired

    @rule()
    def contacts_are_written(self) -> None:
        self.runner.run(self.anna.town.service_windows.flush())

    @invariant()
    def what_is_stored_is_what_was_said(self) -> None:
        assert self.runner.run(self.anna.tracks()) == self.believed

    def teardown(self) -> None:
        self.runner.run(self.database.close())
        self.runner.run(self.redis.aclose())
        self.runner.close()
        self.folder.cleanup()


def test_the_stored_subscriptions_are_what_the_replies_said(
    sqlite_template: Path, valkey: EmbeddedValkey, knowledge: Knowledge
) -> None:
    Conversation.template = sqlite_template
    Conversation.knowledge = knowledge
    Conversation.redis_url = valkey.url
    run_state_machine_as_test(
        Conversation,
        settings=examples(
            30,
            stateful_step_count=25,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        ),
    )
