"""Tags of followers (docs/wechat.md §6)."""

from sandbox.platform.errors import ApiError
from sandbox.platform.people import People

TAGS = 100
TAGS_A_PERSON = 20
PEOPLE_A_CALL = 50
_SYSTEM = {0, 1, 2}


class Tags:
    """The account's tags by id; the first three are the platform's own."""

    def __init__(self, people: People) -> None:
        self._people = people
        self._names: dict[int, str] = {2: "星标组"}
        self._next = 100

    def create(self, name: object) -> tuple[int, str]:
        """Make a tag.

        Raises:
            ApiError: 45056 too many, 45157 known or empty name, 45158 over 30 characters.
        """
        if len(self._names) >= TAGS:
            raise ApiError(45056)
        checked = self._checked_name(name)
        tag_id, self._next = self._next, self._next + 1
        self._names[tag_id] = checked
        return tag_id, checked

    def rename(self, tag_id: object, name: object) -> None:
        """Give a tag another name.

        Raises:
            ApiError: 45058 a system tag, 45159 unknown, 45157 and 45158 as `create`.
        """
        self._names[self._own(tag_id)] = self._checked_name(name)

    def delete(self, tag_id: object) -> None:
        """Remove a tag from everyone and from the list.

        Raises:
            ApiError: 45058, 45159.
        """
        gone = self._own(tag_id)
        del self._names[gone]
        for person in self._people:
            person.tags = tuple(tag for tag in person.tags if tag != gone)

    def listed(self) -> list[dict[str, object]]:
        """`tags/get`, with the number of people under each."""
        counts = dict.fromkeys(self._names, 0)
        for person in self._people:
            for tag in person.tags:
                counts[tag] += 1
        return [{"id": tag, "name": name, "count": counts[tag]} for tag, name in self._names.items()]

    def known(self, tag_id: object) -> int:
        """Return the id of an existing tag.

        Raises:
            ApiError: 45159.
        """
        if not isinstance(tag_id, int) or tag_id not in self._names:
            raise ApiError(45159)
        return tag_id

    def put_on(self, tag_id: object, openids: object) -> None:
        """Tag up to fifty people.

        Raises:
            ApiError: 45159, 40032 list size, 40003 an openid, 45059 one has twenty tags.
        """
        tag = self.known(tag_id)
        people = [self._people.get(openid) for openid in _listed(openids)]
        if any(len(person.tags) >= TAGS_A_PERSON and tag not in person.tags for person in people):
            raise ApiError(45059)
        for person in people:
            person.tags = (*(known for known in person.tags if known != tag), tag)

    def take_off(self, tag_id: object, openids: object) -> None:
        """Untag up to fifty people.

        Raises:
            ApiError: 45159, 40032, 40003.
        """
        tag = self.known(tag_id)
        for person in [self._people.get(openid) for openid in _listed(openids)]:
            person.tags = tuple(known for known in person.tags if known != tag)

    def _own(self, tag_id: object) -> int:
        if tag_id in _SYSTEM:
            raise ApiError(45058)
        return self.known(tag_id)

    def _checked_name(self, name: object) -> str:
        if not isinstance(name, str) or not name or name in self._names.values():
            raise ApiError(45157)
        if len(name) > 30:
            raise ApiError(45158)
        return name


def _listed(openids: object) -> list[object]:
    if not isinstance(openids, list) or not 1 <= len(openids) <= PEOPLE_A_CALL:
        raise ApiError(40032)
    return openids
