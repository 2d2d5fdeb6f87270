"""Where a department is reached."""

from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace
from typing import cast

from handlers.framework.edition import Edition
from handlers.telling.facts import Fact
from handlers.telling.offices import office_answer


@dataclass(frozen=True)
class _Office:
    phone: str = ""
    address: str = ""
    hours: str = ""
    entered_on: date | None = None


def _told(**offices: _Office) -> str:
    edition = cast(Edition, SimpleNamespace(guides=SimpleNamespace(of_department=offices.get)))
    return office_answer(list(offices), (Fact.PHONE,), edition).text


def test_what_operators_entered_is_shown_as_typed() -> None:
    told = _told(区工信局=_Office('<a href="x">1</a>', "<b>路1号", "<i>9点"))
    assert not any(markup in told for markup in ('<a href="x">', "<b>", "<i>"))


def test_a_person_is_offered_only_where_nothing_is_known() -> None:
    assert "请回复" in _told(区工信局=_Office())
    assert "请回复" not in _told(区工信局=_Office(phone="0532"), 区商务局=_Office())
