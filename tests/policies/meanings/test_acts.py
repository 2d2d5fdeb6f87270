"""What a message wants is read by its meaning where words leave a doubt: conversations on the whole application."""

from pathlib import Path
from typing import Any

import pytest

from bench.talks import hold_all
from policies.search.meaning import has_encoder

pytestmark = pytest.mark.skipif(not has_encoder(), reason="the sentence model is an extra")

GUIDE = {"policy_id": 22, "phone": "0532-00000001", "where": "区政务中心3楼", "materials": ["申报书"]}
SUBSCRIBED = {"subscribed": ["desalination"]}
LISTED = "您订阅了 1 个赛道"


def talk(name: str, *turns: dict[str, Any], **setup: Any) -> dict[str, Any]:
    return {"id": name, "kind": "acts", "setup": setup, "turns": list(turns)}


def test_cases_name_a_track_that_there_is() -> None:
    from policies.district.folder import load_district

    assert set(SUBSCRIBED["subscribed"]) <= {track.id for track in load_district().tracks.tracks}


async def test_what_shows_something_is_done_and_what_changes_something_is_only_offered(
    tmp_path: Path,
) -> None:
    cases = [
        talk(
            "shows",
            {"say": "第4条"},
            {"say": "想知道你究竟能帮到我什么", "any": ["可以这样问我"], "none": ["第4条 首台"]},
            {"say": "你是机器还是真人呀", "any": ["自动回复程序"]},
            {"say": "我订阅清单看一眼", "any": [LISTED], "none": ["没有找到赛道"]},
            {"say": "订阅没给我删吧", "any": [LISTED]},
            **SUBSCRIBED,
        ),
        talk(
            "offers",
            {"say": "消息能不能别来得这么勤", "any": ["您是想", "每周汇总"]},
            {"say": "我留在你们这儿的东西全删干净", "any": ["您是想", "删除我的数据"]},
            {"say": "我的订阅", "any": [LISTED, "方式：即时发送"], "none": ["停着"]},
            **SUBSCRIBED,
        ),
        talk(
            "told of the clause in focus",
            {"say": "第22条"},
            {"say": "这事是哪家在管", "any": ["负责部门：区工信局"], "none": ["没有单独写"]},
            {"say": "人得跑哪儿去办", "any": ["区政务中心3楼"], "none": ["没有单独写"]},
            guides=[GUIDE],
        ),
        talk("a question stays one for the library", {"say": "屋顶装光伏给补贴不", "none": ["您是想"]}),
    ]
    turns = await hold_all(cases, tmp_path)
    assert [(turn.case, turn.said, turn.faults, turn.reply[:80]) for turn in turns if turn.faults] == []
