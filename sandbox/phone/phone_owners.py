"""The people on the desk: the same at each start, with what they last did kept in a small file."""

import json
from pathlib import Path
from typing import Any

from sandbox.platform.people import Person
from sandbox.platform.platform import Platform

NICKNAMES = ("小林", "王会计", "陈经理")
FIRST_FOLLOWERS = 2
PEOPLE_MOST = 6


class DeskPeople:
    """Puts the people there, and keeps who follows.

    Attributes:
        to_greet: openids whose follow the bot has not been told of yet: those who follow from the first start on.
    """

    def __init__(self, platform: Platform, path: Path | None) -> None:
        self._platform = platform
        self._path = path
        self.openids: list[str] = []
        self.to_greet: list[str] = []

    def take_seats(self) -> None:
        """Bring everyone back as they were, or the first people at a first start."""
        kept = self._read()
        if kept:
            for entry in kept:
                self._seat(Person(**entry))
            return
        for number, nickname in enumerate(NICKNAMES):
            person = self.newcomer(nickname)
            if number < FIRST_FOLLOWERS:
                self.to_greet.append(person.openid)

    def newcomer(self, nickname: str) -> Person:
        """One more person, who doesn't follow yet."""
        people = self._platform.people
        number = len(self.openids) + 1
        return self._seat(Person(people.openid_of(f"desk {number}"), nickname, following=False))

    def _seat(self, person: Person) -> Person:
        self._platform.people.add(person)
        self._platform.conversations.open(person.openid)
        self.openids.append(person.openid)
        return person

    def everyone(self) -> list[Person]:
        return [self._platform.people.get(openid) for openid in self.openids]

    def keep(self) -> None:
        """Write who follows, in one step: a crash leaves the old file or the new one."""
        if self._path is None:
            return
        entries = [_entry(person) for person in self.everyone()]
        draft = self._path.with_suffix(".new")
        draft.write_text(json.dumps(entries, ensure_ascii=False, indent=1), encoding="utf-8")
        draft.replace(self._path)

    def _read(self) -> list[dict[str, Any]]:
        if self._path is None or not self._path.exists():
            return []
        try:
            entries = json.loads(self._path.read_text(encoding="utf-8"))
            return [_entry(Person(**entry)) for entry in entries]
        except (ValueError, TypeError, AttributeError):
            return []


_KEPT = ("openid", "nickname", "following", "followed_at", "scene", "refuses_templates", "consents")


def _entry(person: Person) -> dict[str, Any]:
    return {name: getattr(person, name) for name in _KEPT}
