"""Where a department is reached."""

from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace
from typing import cast

from handlers.clause_facts.facts import Fact
from handlers.clause_facts.offices import office_answer
from handlers.framework.edition import Edition


@dataclass(frozen=True)
class _Office:
    phone: str = ""
    address: str = ""
    hours: str = ""
    entered_on: date | None = None


def _told(**offices: _Office) -> str:
    edition = cast(
        Edition,
        SimpleNamespace(
            guides=SimpleNamespace(of_department=offices.get),
            index=SimpleNamespace(of_department=lambda _name: ()),
        ),
    )
    return office_answer(list(offices), (Fact.PHONE,), edition).text


def test_what_operators_entered_is_shown_as_typed() -> None:
    told = _told(区工信局=_Office('<a href="x">1</a>', "<b>路1号", "<i>9点"))
    assert not any(markup in told for markup in ('<a href="x">', "<b>", "<i>"))


def test_what_is_not_known_is_said_once_and_a_person_offered() -> None:
    told = _told(区工信局=_Office(phone="0532"), 区商务局=_Office(), 区文旅局=_Office())
    assert told.startswith("区工信局\n电话：0532\n这里没有登记区商务局、区文旅局的电话")
    assert "请回复" in told
    assert "请回复" not in _told(区工信局=_Office(phone="0532"))
