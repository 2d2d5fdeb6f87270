"""Which document a message names before a clause's number: 《若干措施》第三条, 若干措施的第三条."""

import re
from dataclasses import dataclass

from policies.library.library import Library
from policies.search.words.normalise import compact, normalise

_QUOTED = re.compile(r"(?:^|[《〈])(?P<name>[^《》〈〉]{2,80})[》〉]")
_NUMBER_NEXT = re.compile(r"\s*+的?\s*+第?[\d零〇一二两三四五六七八九十百]{1,6}[条款]")
_BARE = re.compile(
    r"(?P<name>[^《》〈〉]{3,60}?)的?(?P<rest>第\s*[\d零〇一二两三四五六七八九十百].*)", re.DOTALL
)
_BEHIND = re.compile(
    r"(?P<rest>第\s*[\d零〇一二两三四五六七八九十百]{1,6}\s*[条款])\s*(?P<name>[^\s《》〈〉第]{2,60})"
)


@dataclass(frozen=True, slots=True)
class NamedDocument:
    """A document's id ("" if it is not in the library), and what the message says besides its name."""

    document: str
    rest: str


class DocumentNames:
    """The titles and short names of the documents, as people type them. A single document need not be named."""

    def __init__(self, library: Library) -> None:
        self._several = len(library.documents) > 1
        self._whole = {
            _key(name): one.id for one in library.documents for name in library.names_of_document(one)
        }

    def named(self, text: str) -> NamedDocument | None:
        """Return the document that a message names by its title in 《》, or by words of one title before 第…条.

        After 第…条, words count if exactly one title begins with them (第三条 人才). An article of a foreign document
        (《民法典》第3条) is returned too, so that it is not taken for one of ours.
        """
        for quoted in _QUOTED.finditer(text):
            document = self._of(_key(quoted["name"]))
            if document or _NUMBER_NEXT.match(text, quoted.end()):
                return NamedDocument(document, text[: quoted.start()] + text[quoted.end() :])
        if not self._several:
            return None
        bare = _BARE.match(text)
        if bare and (document := self._of(_key(bare["name"]))):
            return NamedDocument(document, bare["rest"])
        behind = _BEHIND.fullmatch(text.strip())
        if behind and (document := self._begun(_key(behind["name"]))):
            return NamedDocument(document, behind["rest"])
        document = self._whole.get(_key(text), "")
        return NamedDocument(document, "") if document else None

    def _of(self, name: str) -> str:
        """Return the document with that title, or the only one whose title contains it; "" for none or several."""
        if name in self._whole:
            return self._whole[name]
        found = {document for title, document in self._whole.items() if name in title}
        return found.pop() if len(found) == 1 else ""

    def _begun(self, name: str) -> str:
        """Return the only document whose title or short name begins with that; "" for none or several."""
        found = {document for title, document in self._whole.items() if title.startswith(name)}
        return found.pop() if len(found) == 1 else ""


def _key(title: str) -> str:
    return compact(normalise(title, str))
