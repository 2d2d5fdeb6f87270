"""Which clauses a cell names: 22, 第22条, 第三条, 22、45; with or without the document they are in. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import TypeVar

from pydantic import BaseModel

from policies.library.library import Library, as_number
from policies.numbers.numerals import as_integer
from policies.windows.window_fields import FieldError

_NUMBER = re.compile(r"第?(\d{1,6})条?(?:\.0)?")
_HAN = r"[零〇一二三四五六七八九十百]{1,6}"
_ARTICLE = re.compile(rf"第({_HAN})条")
_NUMERAL = re.compile(rf"[第(]?({_HAN}|\d{{1,6}})[)条]?")
_CLAUSE_LIKE = re.compile(r"\d|[零〇一二三四五六七八九十百]|[（(].{1,4}[)）]")
_MOST_NAMED = 5
_Key = TypeVar("_Key")


class ClauseCells(BaseModel):
    """The labels of the published clauses, small enough to be handed to a child process.

    Attributes:
        default: id of the document that is meant if none is named.
        documents: ids by every name that a cell may hold: id, title, short name.
        labels: keys by label or path, by document; several if numbers restart in each part.
        numbers: keys by number, however it is printed.
        titles: short titles by key.
    """

    default: str
    documents: dict[str, str]
    labels: dict[str, dict[str, list[int]]]
    numbers: dict[str, dict[int, list[int]]]
    titles: dict[int, str]

    @classmethod
    def of(cls, library: Library) -> "ClauseCells":
        """Return the labels of a library."""
        return cls(
            default=library.default,
            documents={
                _folded(name): one.id
                for one in library.documents
                for name in (*library.names_of_document(one), one.id)
            },
            labels={
                one.id: _grouped(
                    (_folded(name), p.key) for p in one.policies for name in {p.label, p.path} - {""}
                )
                for one in library.documents
            },
            numbers={
                one.id: _grouped((number, p.key) for p in one.policies for number in library.number_of(p))
                for one in library.documents
            },
            titles={policy.key: policy.title for policy in library.policies},
        )

    def keys(self, cell: str, document: str) -> list[int]:
        """Return the clauses that a cell names, each once.

        Args:
            cell: one label or several.
            document: id or title of their document; "" for the default one.

        Raises:
            FieldError: the cell is empty, or names no published clause, or several.
        """
        where = self._document(document)
        whole = self.labels.get(where, {}).get(_folded(cell), [])
        if len(whole) == 1:
            return whole
        parts = [part for part in re.split(r"[,，、;；/\s]+", cell) if part]
        if not parts:
            raise FieldError("policy_id", "请填写条款号")
        return list(dict.fromkeys(self._key(part, where) for part in parts))

    def _document(self, named: str) -> str:
        name = _folded(named).strip("《》")
        if not name:
            return self.default
        if name not in self.documents:
            known = "、".join(dict.fromkeys(self.documents.values()))
            raise FieldError("document", f"没有“{named[:20]}”这份文件；现有：{known}")
        return self.documents[name]

    def _key(self, typed: str, document: str) -> int:
        label = _folded(typed)
        number = _NUMBER.fullmatch(label)
        labels, numbers = self.labels.get(document, {}), self.numbers.get(document, {})
        article = _ARTICLE.fullmatch(label)
        value = int(number[1]) if number else (as_integer(article[1]) if article else None)
        found = labels.get(label) or ([] if value is None else numbers.get(value, []))
        if len(found) == 1:
            return found[0]
        if found:
            paths = [name for name, keys in labels.items() if len(keys) == 1 and keys[0] in found]
            raise FieldError(
                "policy_id",
                f"有 {len(found)} 个“{typed[:20]}”，请写明是哪一个：{'、'.join(paths[:_MOST_NAMED])}",
            )
        if number:
            raise FieldError("policy_id", f"没有第 {int(number[1])} 条")
        if meant := _meant(label, labels, numbers):
            raise FieldError("policy_id", f"没有“{typed[:20]}”；如果是指{as_number(meant)}，请写成“{meant}”")
        if _CLAUSE_LIKE.search(label):
            raise FieldError("policy_id", f"没有{as_number(typed[:20])}")
        raise FieldError("policy_id", f"“{typed[:20]}”不是条款号")


def _meant(label: str, labels: Mapping[str, list[int]], numbers: Mapping[int, list[int]]) -> str:
    """Return the label of the one clause whose number was written otherwise (十 for 第十条, which may also be a
    part); "" for none.
    """
    written = _NUMERAL.fullmatch(label)
    value = as_integer(written[1]) if written else None
    keys = numbers.get(value, []) if value is not None else []
    return next((name for name, found in labels.items() if len(keys) == 1 and found == keys), "")


def _grouped(pairs: Iterable[tuple[_Key, int]]) -> dict[_Key, list[int]]:
    found: dict[_Key, list[int]] = {}
    for name, key in pairs:
        found.setdefault(name, []).append(key)
    return found


def _folded(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
