"""The people on the desk: the same at each start, with what they last did kept in a small file."""

import json
from pathlib import Path
from typing import Any

from sandbox.platform.people import Person
from sandbox.platform.platform import Platform

NICKNAMES = ("小林", "王会计", "陈经理")
FIRST_FOLLOWERS = 2
PEOPLE_MOST = 6


class PhoneOwners:
    """Puts the people there, and keeps who follows.

    Attributes:
        not_greeted: openids of people who follow from the first start on; the bot has not been told of them yet.
    """

    def __init__(self, platform: Platform, path: Path | None) -> None:
        self._platform = platform
        self._path = path
        self.openids: list[str] = []
        self.not_greeted: list[str] = []

    def load(self) -> None:
        """Bring everyone back from the file; at a first start, make the first people."""
        kept = self._read()
        if kept:
            for entry in kept:
                self._add(Person(**entry))
            return
        for number, nickname in enumerate(NICKNAMES):
            person = self.newcomer(nickname)
            if number < FIRST_FOLLOWERS:
                self.not_greeted.append(person.openid)

    def newcomer(self, nickname: str) -> Person:
        """One more person, who doesn't follow yet."""
        people = self._platform.people
        number = len(self.openids) + 1
        return self._add(Person(people.openid_of(f"desk {number}"), nickname, following=False))

    def _add(self, person: Person) -> Person:
        self._platform.people.add(person)
        self._platform.conversations.open(person.openid)
        self.openids.append(person.openid)
        return person

    def everyone(self) -> list[Person]:
        return [self._platform.people.get(openid) for openid in self.openids]

    def keep(self) -> None:
        """Write the file in one step: after a crash it is the old one or the new one, never a part."""
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


_KEPT_FIELDS = ("openid", "nickname", "following", "followed_at", "scene", "refuses_templates", "consents")


def _entry(person: Person) -> dict[str, Any]:
    return {name: getattr(person, name) for name in _KEPT_FIELDS}
