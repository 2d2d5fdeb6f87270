"""The page of an alert marks what differs, and says of added words that they were added."""

from alerts.model.content import AlertKind, ClauseChange
from pages.alerts.changes import shown_change


def test_the_words_that_differ_are_marked_on_each_side() -> None:
    change = ClauseChange(what="正文", old="按12%给予最高600万元奖补；", new="按12%给予最高800万元奖补；")
    old, new = shown_change(AlertKind.POLICY_CHANGED, change).sides
    assert [one.text for one in old.parts if one.marked] == ["600万元"]
    assert [one.text for one in new.parts if one.marked] == ["800万元"]
    assert "".join(one.text for one in new.parts) == change.new


def test_what_was_only_added_or_left_out_has_one_side() -> None:
    for change, name in (
        (ClauseChange(what="正文", old="", new="（试行）"), "增加"),
        (ClauseChange(what="正文", old="甲。", new=""), "删去"),
    ):
        (side,) = shown_change(AlertKind.POLICY_CHANGED, change).sides
        assert side.name == name
    (listed,) = shown_change(AlertKind.NEW_POLICY, ClauseChange(what="第9条", old="", new="新增")).sides
    assert listed.name == ""


def test_endless_wordings_are_not_compared() -> None:
    change = ClauseChange(what="条文", old="甲" * 5_000, new="乙" * 5_000)
    assert [len(side.parts) for side in shown_change(AlertKind.POLICY_CHANGED, change).sides] == [1, 1]
