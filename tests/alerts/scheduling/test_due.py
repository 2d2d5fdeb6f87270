"""What is due on a day: each rule by a story, then any windows, any downtime, any jump of the clock."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest

from alerts.model.content import AlertKind
from alerts.scheduling.due import DueAlert, MadeAlert, closing_instant, due, expiry_due, lead_day
from policies.windows.typed_dates import OPEN_ENDED
from policies.windows.window import Window
from subscriptions.members.preferences import DEFAULT_LEAD_DAYS
from tests.kit.properties import examples, given, st

LEADS = frozenset(DEFAULT_LEAD_DAYS)


def window(
    number: int = 1, opens_on: date = date(2026, 10, 12), closes_on: date = date(2026, 11, 24)
) -> Window:
    return Window(number, 22, "首台套申报", opens_on, closes_on, "", sample=False)


class Desk:
    """Ticks over days, remembering what was made as the database would."""

    def __init__(self, *windows: Window, leads: frozenset[int] = LEADS) -> None:
        self.windows = list(windows)
        self.leads = leads
        self.made: list[MadeAlert] = []
        self.ticked_on: date | None = None
        self.history: list[tuple[date, DueAlert]] = []

    def tick(self, today: date, *, was_told: bool = True) -> list[DueAlert]:
        found = due(self.windows, self.made, self.leads, today, self.ticked_on)
        self.made += [
            MadeAlert(one.key, one.window.id, one.kind, one.closes_on, today, was_told, one.lead)
            for one in found
        ]
        self.history += [(today, one) for one in found]
        self.ticked_on = today
        return found

    def tick_through(self, first: date, last: date) -> list[tuple[date, DueAlert]]:
        before = len(self.history)
        for day in range((last - first).days + 1):
            self.tick(first + timedelta(days=day))
        return self.history[before:]


def said(found: list[DueAlert]) -> list[str]:
    return [one.key.rsplit(":", 1)[1] for one in found]


def days(history: list[tuple[date, DueAlert]]) -> dict[str, date]:
    return {one.key.rsplit(":", 1)[1]: day for day, one in history}


def test_a_window_is_announced_when_it_opens_and_recalled_before_it_closes() -> None:
    desk = Desk(window())
    assert days(desk.tick_through(date(2026, 10, 1), date(2026, 11, 30))) == {
        "opening": date(2026, 10, 12),
        "30": date(2026, 10, 23),  # 25 October is a Sunday
        "14": date(2026, 11, 10),
        "7": date(2026, 11, 17),
        "3": date(2026, 11, 20),  # 21 November is a Saturday
        "1": date(2026, 11, 23),
    }


def test_a_window_without_an_end_is_announced_once_and_never_recalled() -> None:
    desk = Desk(window(closes_on=OPEN_ENDED))
    assert days(desk.tick_through(date(2026, 10, 1), date(2027, 12, 31))) == {"opening": date(2026, 10, 12)}
    assert closing_instant(OPEN_ENDED).year == 9999


def test_a_tick_again_on_the_same_day_makes_nothing_more() -> None:
    desk = Desk(window())
    assert said(desk.tick(date(2026, 11, 17))) == ["7", "opening"]
    assert desk.tick(date(2026, 11, 17)) == []


def test_a_lead_that_a_member_chose_is_due_too() -> None:
    desk = Desk(window(), leads=LEADS | {5})
    desk.tick(date(2026, 11, 17))
    assert said(desk.tick(date(2026, 11, 19))) == ["5"]


def test_a_lead_that_someone_chooses_when_its_day_is_over_is_not_due() -> None:
    desk = Desk(window())
    desk.tick_through(date(2026, 10, 12), date(2026, 11, 17))
    desk.leads = LEADS | {10}
    assert desk.tick(date(2026, 11, 17)) == desk.tick(date(2026, 11, 18)) == []


def test_a_lead_of_a_day_that_was_ticked_already_was_not_missed() -> None:
    """Its day is the very one of the last tick: someone chose it in the afternoon."""
    desk = Desk(window(), leads=frozenset({7}))
    desk.tick_through(date(2026, 10, 12), date(2026, 11, 13))
    desk.leads = frozenset({7, 11})
    assert desk.tick(date(2026, 11, 16)) == []


def test_the_first_tick_of_all_has_missed_nothing() -> None:
    assert said(Desk(window()).tick(date(2026, 11, 18))) == ["opening"]


def test_after_a_long_holiday_the_closing_morning_says_it_once_more() -> None:
    """For members whose last reminder the holiday took away; who wants a week's notice has had it."""
    desk = Desk(window(opens_on=date(2026, 9, 1), closes_on=date(2026, 10, 8)))
    history = desk.tick_through(date(2026, 9, 1), date(2026, 10, 9))
    assert days(history) == {
        "opening": date(2026, 9, 1),
        "30": date(2026, 9, 8),
        "14": date(2026, 9, 24),
        "1": date(2026, 9, 30),
        "3": date(2026, 9, 30),
        "7": date(2026, 9, 30),
        "0": date(2026, 10, 8),
    }
    assert [one.shortest for _, one in history if one.lead == 0] == [(1, 3)]


@pytest.mark.parametrize(
    ("opens_on", "closes_on"),
    [
        (date(2026, 9, 1), date(2026, 10, 5)),  # offices are closed on it
        (date(2026, 9, 1), date(2026, 10, 9)),  # the 8th, the day before, is a working day
        (date(2026, 11, 2), date(2026, 11, 23)),  # a Monday after a plain weekend
        (date(2026, 10, 6), date(2026, 10, 8)),  # it opened just now
    ],
)
def test_who_had_a_reminder_near_the_close_needs_none_on_the_closing_morning(
    opens_on: date, closes_on: date
) -> None:
    desk = Desk(window(opens_on=opens_on, closes_on=closes_on), leads=frozenset({7, 3, 1}))
    history = desk.tick_through(opens_on, closes_on)
    told_to = [one.shortest for _, one in history if one.lead == 0]
    assert all(1 not in shortest for shortest in told_to)


def test_who_wants_three_days_and_lost_them_to_the_holiday_hears_on_the_closing_morning() -> None:
    """The day before is a working day, but they didn't ask for that one."""
    desk = Desk(window(opens_on=date(2026, 9, 1), closes_on=date(2026, 10, 9)))
    history = desk.tick_through(date(2026, 9, 1), date(2026, 10, 9))
    assert [(day, one.shortest) for day, one in history if one.lead == 0] == [(date(2026, 10, 9), (3,))]


def test_a_reminder_that_a_downtime_held_up_into_the_last_days_is_enough() -> None:
    desk = Desk(window(opens_on=date(2026, 9, 1), closes_on=date(2026, 10, 8)))
    desk.tick_through(date(2026, 9, 1), date(2026, 9, 29))
    assert said(desk.tick(date(2026, 10, 7))) == ["1", "3", "7"]
    assert desk.tick(date(2026, 10, 8)) == []


def test_of_several_due_on_a_day_the_most_urgent_goes_to_who_has_it() -> None:
    holiday = window(opens_on=date(2026, 9, 1), closes_on=date(2026, 10, 8))
    desk = Desk(holiday, leads=frozenset({7, 3, 1}))
    desk.tick(date(2026, 9, 29))
    found = desk.tick(date(2026, 9, 30))  # the last working day before the holiday week
    assert [(one.lead, one.passed_over_for) for one in found] == [(1, ()), (3, (1,)), (7, (1, 3))]


def test_after_a_downtime_the_most_urgent_of_the_missed_goes_and_the_others_are_passed_over() -> None:
    desk = Desk(window())
    desk.tick_through(date(2026, 10, 12), date(2026, 10, 15))
    found = desk.tick(date(2026, 11, 18))  # 30, 14 and 7 were missed
    assert [(one.lead, one.passed_over_for) for one in found] == [(7, ()), (14, (7,)), (30, (7, 14))]
    assert days(desk.tick_through(date(2026, 11, 19), date(2026, 11, 30))) == {
        "3": date(2026, 11, 20),
        "1": date(2026, 11, 23),
    }


def test_a_window_that_becomes_known_late_is_announced_once_without_the_leads_gone_by() -> None:
    desk = Desk()
    desk.tick_through(date(2026, 11, 1), date(2026, 11, 18))
    desk.windows.append(window())
    assert said(desk.tick(date(2026, 11, 18))) == ["opening"]
    assert said(desk.tick(date(2026, 11, 20))) == ["3"]


def test_nothing_is_recalled_before_a_window_opens() -> None:
    desk = Desk(window(opens_on=date(2026, 11, 19)))
    assert days(desk.tick_through(date(2026, 10, 1), date(2026, 11, 20))) == {
        "opening": date(2026, 11, 19),
        "3": date(2026, 11, 20),
    }


def test_nothing_goes_out_after_the_close() -> None:
    assert Desk(window()).tick(date(2026, 11, 25)) == []
    assert closing_instant(date(2026, 11, 24)).isoformat() == "2026-11-25T00:00:00+08:00"


def test_a_changed_closing_day_is_announced_and_recalled_by_the_new_one() -> None:
    desk = Desk(window())
    desk.tick_through(date(2026, 10, 12), date(2026, 11, 11))
    desk.windows = [window(closes_on=date(2026, 12, 15))]
    (changed,) = desk.tick(date(2026, 11, 12))
    assert (changed.kind, changed.old_closes_on) == (AlertKind.DATE_CHANGED, date(2026, 11, 24))
    assert days(desk.tick_through(date(2026, 11, 13), date(2026, 12, 20))) == {
        "30": date(2026, 11, 13),  # 15 November is a Sunday
        "14": date(2026, 12, 1),
        "7": date(2026, 12, 8),
        "3": date(2026, 12, 11),
        "1": date(2026, 12, 14),
    }


def test_a_closing_day_that_goes_there_and_back_is_announced_each_time() -> None:
    desk = Desk(window())
    desk.tick(date(2026, 10, 12))
    for day, closes_on in enumerate((date(2026, 12, 15), date(2026, 11, 24), date(2026, 12, 15))):
        desk.windows = [window(closes_on=closes_on)]
        (changed,) = desk.tick(date(2026, 10, 13) + timedelta(days=day))
        assert changed.kind is AlertKind.DATE_CHANGED
        assert desk.tick(date(2026, 10, 13) + timedelta(days=day)) == []


def test_a_change_on_its_way_is_not_announced_again() -> None:
    desk = Desk(window())
    desk.tick(date(2026, 10, 12))
    desk.windows = [window(closes_on=date(2026, 12, 15))]
    desk.tick(date(2026, 10, 13), was_told=False)
    assert desk.tick(date(2026, 10, 14)) == []


def test_a_closing_day_changed_before_anyone_was_told_needs_no_correction() -> None:
    desk = Desk(window())
    desk.tick(date(2026, 10, 12), was_told=False)
    desk.made.clear()  # called back unsent: it counts as never made
    desk.windows = [window(closes_on=date(2026, 12, 15))]
    assert [one.kind for one in desk.tick(date(2026, 10, 12))] == [AlertKind.OPENING]


def test_a_window_moved_to_the_past_says_nothing() -> None:
    desk = Desk(window())
    desk.tick(date(2026, 10, 12))
    desk.windows = [window(closes_on=date(2026, 10, 13))]
    assert desk.tick(date(2026, 10, 14)) == []


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 10, 29), False),
        (date(2026, 10, 30), True),  # 60 days before is a Saturday
        (date(2026, 12, 30), True),
        (date(2026, 12, 31), False),
    ],
)
def test_a_basis_that_ends_is_announced_sixty_days_before(today: date, expected: bool) -> None:
    assert expiry_due(date(2026, 12, 30), today) is expected


DAYS = st.dates(date(2026, 1, 1), date(2027, 6, 30))
LEAD_SETS = st.frozensets(st.integers(1, 60), max_size=6).map(lambda chosen: chosen | LEADS)


@st.composite
def some_windows(draw: st.DrawFn, number: int) -> Window:
    opens_on = draw(DAYS)
    return window(number, opens_on, opens_on + timedelta(days=draw(st.integers(0, 90))))


@st.composite
def desks(draw: st.DrawFn) -> Desk:
    some = [draw(some_windows(number)) for number in range(1, draw(st.integers(1, 4)) + 1)]
    return Desk(*some, leads=draw(LEAD_SETS))


@dataclass(frozen=True)
class Step:
    """The clock jumps by so many days (a downtime, or an operator at the sandbox's clock)."""

    jump: int
    leads: frozenset[int] | None = None
    moved: tuple[int, int] | None = None
    was_told: bool = True


FORWARD = st.builds(Step, jump=st.integers(0, 25))
ANY = st.builds(
    Step,
    jump=st.integers(-40, 60),
    leads=st.none() | LEAD_SETS,
    moved=st.none() | st.tuples(st.integers(0, 3), st.integers(-20, 40)),
    was_told=st.booleans(),
)


def run(desk: Desk, start: date, steps: list[Step]) -> None:
    today = start
    for step in steps:
        today += timedelta(days=step.jump)
        if step.leads is not None:
            desk.leads = step.leads
        if step.moved is not None:
            which, by = step.moved[0] % len(desk.windows), step.moved[1]
            known = desk.windows[which]
            closes_on = max(known.opens_on, known.closes_on + timedelta(days=by))
            desk.windows[which] = replace(known, closes_on=closes_on)
        for one in desk.tick(today, was_told=step.was_told):
            assert today <= one.window.closes_on, "after the close"
            if one.kind is AlertKind.OPENING:
                assert today >= one.window.opens_on, "early"
            if one.lead is not None:
                day = lead_day(one.window, one.lead)
                assert day is not None
                assert today >= day, "early"
        assert desk.tick(today) == [], "a second tick"


@given(desk=desks(), start=DAYS, steps=st.lists(ANY, max_size=25))
@examples(300)
def test_never_twice_never_early_never_after_the_close(desk: Desk, start: date, steps: list[Step]) -> None:
    run(desk, start, steps)
    keys = Counter(one.key for _, one in desk.history)
    assert all(times == 1 for times in keys.values())


@given(
    desk=desks(), start=DAYS, steps=st.lists(FORWARD, max_size=25), wants=st.frozensets(st.integers(1, 60))
)
@examples(300)
def test_a_member_gets_one_alert_of_a_window_a_day_and_none_is_lost_by_downtime(
    desk: Desk, start: date, steps: list[Step], wants: frozenset[int]
) -> None:
    desk.leads |= wants
    run(desk, start, steps)
    got = Counter(
        (day, one.window.id)
        for day, one in desk.history
        if (one.lead is None or one.lead in wants) and not wants.intersection(one.passed_over_for)
    )
    assert all(times == 1 for times in got.values())
    ticked = [start + timedelta(days=sum(step.jump for step in steps[: n + 1])) for n in range(len(steps))]
    for each in desk.windows:
        for lead in wants:
            day = lead_day(each, lead)
            awake = next((at for at in ticked if day is not None and at >= day), None)
            if day is not None and awake is not None and awake <= each.closes_on and ticked[0] < day:
                assert got[awake, each.id] == 1, "a missed alert brings one at the next tick"
