"""What people type when they mean tracks."""

import pytest

from policies.district.folder import load_district
from subscriptions.members.track_names import TrackNames

NAMES = TrackNames(load_district().tracks.tracks)
IDS = tuple(track.id for track in NAMES.tracks)


@pytest.mark.parametrize(
    ("typed", "ids"),
    [
        ("海水淡化", ["desalination"]),
        ("海水淡化赛道", ["desalination"]),
        ("芯片", ["ic"]),
        ("ＡＩ", ["ai"]),
        ("5G", ["industrial-internet"]),
        ("未来产业（太赫兹·深海开发·空天信息）", ["future"]),
        ("1 3 5", [IDS[0], IDS[2], IDS[4]]),
        ("1、3，5", [IDS[0], IDS[2], IDS[4]]),
        ("１ ３ 3", [IDS[0], IDS[2]]),
        ("2-4", list(IDS[1:4])),
        ("19", [IDS[18]]),
        ("人工智能和集成电路", ["ai", "ic"]),
        ("船舶与海工装备", ["ships"]),
        ("芯片,1", ["ic", "ai"]),
        ("全部", list(IDS)),
    ],
)
def test_what_is_named_beyond_doubt(typed: str, ids: list[str]) -> None:
    reading = NAMES.read(typed)
    assert reading.tracks == tuple(ids)
    assert not reading.near
    assert not reading.unknown


@pytest.mark.parametrize(
    ("typed", "best"),
    [
        ("海水单化", "desalination"),
        ("海水蛋化", "desalination"),
        ("人工只能", "ai"),
        ("远洋鱼业", "distant-fishing"),
        ("新能源气车", "nev"),
        ("海洋生物制药", "marine-bio"),
        ("集成电陆", "ic"),
    ],
)
def test_what_is_nearly_right_is_asked_back(typed: str, best: str) -> None:
    reading = NAMES.read(typed)
    assert not reading.tracks
    assert reading.near[0].tracks[0] == best


@pytest.mark.parametrize("typed", ["房地产", "20", "0", "餐饮", "x", "999", "呵呵"])
def test_what_is_no_track_is_told(typed: str) -> None:
    reading = NAMES.read(typed)
    assert (reading.tracks, reading.near, reading.unknown) == ((), (), (typed,))


def test_numbers_count_in_the_list_that_was_shown() -> None:
    assert NAMES.read("2", ("nev", "ai")).tracks == ("ai",)
    assert NAMES.read("全部", ("nev", "ai")).tracks == ("nev", "ai")
    assert NAMES.read("3", ("nev", "ai")).unknown == ("3",)


@pytest.mark.parametrize(
    ("typed", "found", "unknown"),
    [
        ("1-999 " * 100, list(IDS), ("999",)),
        ("18-21", list(IDS[17:]), ("21",)),
        ("30-999", [], ("999",)),
        ("3-1", [], ("3-1",)),
    ],
)
def test_a_range_ends_with_the_list(typed: str, found: list[str], unknown: tuple[str, ...]) -> None:
    reading = NAMES.read(typed)
    assert (list(reading.tracks), reading.unknown) == (found, unknown)


def test_of_many_unknown_words_the_first_are_compared() -> None:
    reading = NAMES.read(" ".join(["海水单化", *(f"甲{number}" for number in range(60))]))
    assert reading.near[0].tracks[0] == "desalination"
    assert len(reading.unknown) > 40


def test_another_name_with_which_a_third_track_begins_is_asked_back() -> None:
    reading = NAMES.read("新能源")
    assert not reading.tracks
    assert [one.tracks for one in reading.near] == [("green-energy", "nev")]
