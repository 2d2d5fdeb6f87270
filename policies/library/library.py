"""The library: all documents that are published, and how their clauses are named. Pure."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import TypeVar

from policies.library.document_titles import cut_name, short_name, short_title
from policies.library.models import Contact, Document, Policy, Surroundings
from policies.numbers.numerals import as_integer

_Key = TypeVar("_Key")
_WHOLE_NUMBER = re.compile(r"第(\d+)条")
_NUMERALS = re.compile(r"\d{1,9}|[零〇一二两三四五六七八九十百千]+")
_BARE_NUMBER = re.compile(r"[\d.]+|[零〇一二三四五六七八九十百千]+")


@dataclass(frozen=True)
class Library:
    """The documents in the order that people see them.

    A clause's key is unique over the library. Its label is unique within its document, or else within its section.

    Attributes:
        default: id of the document that a bare number (第22条) means.
        gone: keys of clauses that were published once and are no longer; each with the key of the clause that took its
            place, or None.
    """

    documents: tuple[Document, ...] = ()
    default: str = ""
    gone: Mapping[int, int | None] = field(default_factory=dict, compare=False)

    @classmethod
    def of(
        cls,
        documents: Iterable[Document],
        default: str = "",
        gone: Mapping[int, int | None] = MappingProxyType({}),
    ) -> "Library":
        """Return a library of some documents; without a default it is the first one."""
        held = tuple(documents)
        return cls(held, default or (held[0].id if held else ""), gone)

    @cached_property
    def policies(self) -> tuple[Policy, ...]:
        """All clauses, document by document, each in printed order."""
        return tuple(policy for document in self.documents for policy in document.policies)

    @property
    def default_document(self) -> Document | None:
        """Return the document that a bare number means; None in an empty library."""
        return self._by_id.get(self.default)

    @property
    def contact(self) -> Contact | None:
        """The query office of the default document, else of the first that names one."""
        first = self.default_document
        offices = (document.contact for document in ((first,) if first else ()) + self.documents)
        return next(filter(None, offices), None)

    def get(self, key: int) -> Policy | None:
        """Return the clause with that key; None if there is none."""
        return self._by_key.get(key)

    def successor_of(self, key: int) -> Policy | None:
        """Return the clause that replaced a gone one, also through several editions; None if there is none."""
        for _ in range(len(self.gone)):
            following = self.gone.get(key)
            if following is None:
                return None
            key = following
            if key not in self.gone:
                break
        return self.get(key)

    def document(self, document_id: str) -> Document | None:
        """Return the document with that id; None if there is none."""
        return self._by_id.get(document_id)

    def document_of(self, policy: Policy) -> Document:
        """Return the document of a clause.

        Raises:
            KeyError: the library does not hold it.
        """
        return self._by_id[policy.document]

    def labelled(self, label: str, document: str | None = None) -> tuple[Policy, ...]:
        """Return the clauses with a label; several if the document's numbers restart in each section.

        Args:
            label: as printed, or the path of a clause.
            document: id of the document; the default one if none is named.
        """
        return self._by_label.get(document or self.default, {}).get(label, ())

    def by_label(self, label: str, document: str | None = None) -> Policy | None:
        """Return the one clause with a label; None if there is none, or several."""
        found = self.labelled(label, document)
        return found[0] if len(found) == 1 else None

    def numbered(self, number: int, document: str | None = None) -> tuple[Policy, ...]:
        """Return the clauses with a number, however the document prints it: 3 finds 3, 第三条 and （三）."""
        return self._by_number.get(document or self.default, {}).get(number, ())

    @staticmethod
    def number_of(policy: Policy) -> tuple[int, ...]:
        """Return the number of a clause, however its document prints it; () if its label has no number, or several."""
        numbers = _numbers(policy.label)
        return numbers if len(numbers) == 1 else ()

    def same_number(self, policy: Policy) -> tuple[Policy, ...]:
        """Return the clauses of other documents with the number of a clause."""
        numbers = self.number_of(policy)
        if not numbers:
            return ()
        others = (one.id for one in self.documents if one.id != policy.document)
        return tuple(one for other in others for one in self.numbered(numbers[0], other))

    def reference(self, policy: Policy) -> str:
        """Return a clause's label, or its path if the label is not unique. It names one clause of its document."""
        return policy.path or policy.label

    def name(self, policy: Policy) -> str:
        """Return a clause's name in a sentence: 第22条, 第三条, （二）; with its document if there are two or more."""
        return f"{self.document_name(policy.document)}{self.number(policy)}"

    def number(self, policy: Policy) -> str:
        """Return the number of a clause without its document: 第22条. A number that comes again is said with its section."""
        number = as_number(policy.label)
        if len(self.labelled(policy.label, policy.document)) > 1:
            return f"第{policy.section}部分{number}"
        return number

    def names(self, policies: Iterable[Policy]) -> str:
        """Return several clauses in a sentence: 第1、2、22条; each document named once."""
        said: dict[str, list[str]] = {}
        for policy in policies:
            said.setdefault(self.document_name(policy.document), []).append(self.number(policy))
        return "、".join(f"{document}{joined(numbers)}" for document, numbers in said.items())

    def name_of(self, key: int) -> str:
        """Return the name of the clause with a key. A clause that is no longer published is named by its key."""
        policy = self.get(key)
        return self.name(policy) if policy else f"条款〔{key}〕"

    def typed(self, policy: Policy) -> str:
        """Return what a person types to see a clause: 22 in the default document, otherwise its name."""
        plain = policy.label.isdecimal() and policy.document == self.default and not policy.path
        return policy.label if plain else self.name(policy)

    def document_name(self, document_id: str) -> str:
        """Return a document's short name in 《》 if the library holds several; otherwise ""."""
        several = len(self.documents) > 1 and document_id in self._by_id
        return f"《{self.short_names[document_id]}》" if several else ""

    @cached_property
    def short_names(self) -> Mapping[str, str]:
        """The short name of each document by its id: as a person entered it, else made of its title; each another one."""
        names = {one.id: one.short_name or short_name(one.title) for one in self.documents}
        for longer in (_whole_title, _title_with_edition):
            count = Counter(names.values())
            unclear = [one for one in self.documents if count[names[one.id]] > 1 and not one.short_name]
            names |= {one.id: longer(one) for one in unclear}
        return names

    def names_of_document(self, document: Document) -> tuple[str, ...]:
        """Return all that people call a document by: its title, without the notice around it, and its short name."""
        return tuple(
            dict.fromkeys((document.title, short_title(document.title), self.short_names[document.id]))
        )

    def warm_up(self) -> None:
        """Make what clauses are looked up in, which takes a tenth of a second for 20,000 of them: not at the first question."""
        _ = self.policies, self._by_key, self._by_id, self._by_label, self._by_number, self.short_names

    @cached_property
    def _by_key(self) -> Mapping[int, Policy]:
        return {policy.key: policy for policy in self.policies}

    @cached_property
    def _by_id(self) -> Mapping[str, Document]:
        return {document.id: document for document in self.documents}

    @cached_property
    def _by_label(self) -> Mapping[str, Mapping[str, tuple[Policy, ...]]]:
        return {
            one.id: _grouped(
                (name, policy)
                for policy in one.policies
                for name in dict.fromkeys((policy.label, policy.path))
                if name
            )
            for one in self.documents
        }

    @cached_property
    def _by_number(self) -> Mapping[str, Mapping[int, tuple[Policy, ...]]]:
        return {
            one.id: _grouped((number, policy) for policy in one.policies for number in self.number_of(policy))
            for one in self.documents
        }


def _whole_title(document: Document) -> str:
    return cut_name(short_title(document.title))


def _title_with_edition(document: Document) -> str:
    return f"{cut_name(short_title(document.title))}（{document.edition or document.id}）"


def _grouped(pairs: Iterable[tuple[_Key, Policy]]) -> Mapping[_Key, tuple[Policy, ...]]:
    found: defaultdict[_Key, list[Policy]] = defaultdict(list)
    for key, policy in pairs:
        found[key].append(policy)
    return {key: tuple(policies) for key, policies in found.items()}


def in_printed_order(surroundings: Surroundings, policies: Iterable[Policy]) -> tuple[Policy, ...]:
    """Return the clauses of a document: by section, then in the order that its surroundings tell, then by number."""
    places = {key: place for place, key in enumerate(surroundings.order)}
    return tuple(
        sorted(
            policies,
            key=lambda one: (one.section, places.get(one.key, len(places)), _numbers(one.label), one.key),
        )
    )


def with_order(document: Document) -> Document:
    """Return a document that gives the order of its clauses, if sections and numbers alone would give another order."""
    plain = document.model_copy(update={"order": ()})
    if in_printed_order(plain, plain.policies) == plain.policies:
        return plain
    return plain.model_copy(update={"order": tuple(policy.key for policy in plain.policies)})


def _numbers(label: str) -> tuple[int, ...]:
    """Return the numbers of a label: 第三条之一 → 3, 1."""
    runs = _NUMERALS.findall(label)
    return tuple(number for run in runs if (number := as_integer(run)) is not None)


def joined(numbers: Sequence[str]) -> str:
    """第1条, 第2条 → 第1、2条; others side by side."""
    bare = [match[1] for number in numbers if (match := _WHOLE_NUMBER.fullmatch(number))]
    return f"第{'、'.join(bare)}条" if len(bare) == len(numbers) else "、".join(numbers)


def as_number(label: str) -> str:
    """Return a label as people say it: 22 → 第22条, 一 → 第一条. A label that is clear by itself stays."""
    return f"第{label}条" if _BARE_NUMBER.fullmatch(label) else label
