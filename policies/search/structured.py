"""Reads what a message names outright: clauses by number, section, department, sum or track, or the query office."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from policies.library.library import Library, as_number
from policies.library.models import Department, Policy, Section, TrackList
from policies.numbers.typed import with_points_kept
from policies.numbers.written import in_chinese
from policies.search.decision import REACHED, Decision, Group, Intent, Reason
from policies.search.question import Reader
from policies.search.reading.document_names import DocumentNames
from policies.search.reading.numbers import Numbers, read_clauses, read_sections
from policies.search.reading.offices import DepartmentNames, Mention
from policies.search.reading.stated_sums import StatedSums
from policies.search.reading.stepped_labels import SteppedLabels
from policies.search.reading.sums import BESIDE_SUMS, Comparison, SumAsked, read_sum
from policies.search.words.language import Language
from policies.search.words.normalise import compact
from policies.search.words.vocabulary import WordRole

_NAMED_PART = re.compile(r"^(?P<name>.{4,}?)(?:那|这)?(?:一|个)?(?:部分|章节|板块|章)(?:的)?(?P<rest>.*)$")
_Part = tuple[str, int]
"""A section: its document and its number there."""
_BRACKETED = re.compile(r"(?:^|部分|章|节)\s*[(（](?P<number>[\d零〇一二两三四五六七八九十]{1,4})[)）]?\s*$")
_NAMED = 10
"""How many clauses a subject names at most."""
_HOURS = frozenset(("几点", "上班", "下班", "办公时间"))
"""Together with a department's name, these ask for its hours. The query office does not know them."""
_RESPONSIBLE = re.compile(r"管|负责|牵头|主管|归口|口子|口上|那边|系统|部门")
"""After a short name (财政), these words show that the office is meant."""
_ITS_LIST = re.compile(
    r"(?:那边|口上?|的|都|里|有|管|一共){0,4}(?:啥|什么|哪些|几条)(?:政策|条款|项目)?|的?[都全]?列(?:出来)?"
)
"""After the short name of an office, this asks for its clauses (税务都有啥)."""
_OFFICE = re.compile(r"归口(?:管理)?|口子?上?|那边|系统")
_TRACK = re.compile(r"^(?P<name>.{2,20}?)(?:产业)?赛道(?P<rest>.*)$")
_LIST_ASKED = r"(?:清单|目录|名单|名录|查询|怎么查|在哪|哪里查|查|有哪些|列表|库|申请表)"
_LIST_LOOKED_UP = r"(?:查询|查看|查)(?:一下|下)?(?:那些|这些|全部)?"


class StructuredReadings:
    """Reads what a message names outright. Each method reads one kind and returns None if the message names nothing of it."""

    def __init__(
        self,
        library: Library,
        tracks: TrackList,
        departments: Sequence[Department],
        reader: Reader,
        language: Language,
    ) -> None:
        self._library = library
        self._documents = DocumentNames(library)
        self._has_brackets = any(one.label.startswith(("（", "(")) for one in library.policies)
        self._sums = StatedSums(library.policies)
        self._sections = {
            (document.id, section.number): section.title
            for document in library.documents
            for section in document.sections
        }
        self._section_names = {compact(title).lower(): part for part, title in self._sections.items()}
        self._of_section: dict[_Part, list[int]] = {}
        self._of_department: dict[str, list[int]] = {}
        self._of_track: dict[str, list[int]] = {}
        self._stepped_labels = SteppedLabels(library)
        for policy in library.policies:
            self._of_section.setdefault((policy.document, policy.section), []).append(policy.key)
            for name in policy.departments:
                self._of_department.setdefault(name, []).append(policy.key)
            for track in policy.tracks:
                self._of_track.setdefault(track, []).append(policy.key)
        named = (department for department in departments if department.name in self._of_department)
        self.directory = DepartmentNames(named, language.levels)
        self._tracks = {
            compact(name).lower(): track for track in tracks.tracks for name in (*track.aliases, track.name)
        }
        self._track_names = {compact(track.name).lower() for track in tracks.tracks}
        self._reader = reader
        secret = "|".join(map(re.escape, sorted(language.secret, key=len, reverse=True)))
        self._secret = re.compile(secret or r"(?!)")
        self._lists = _lists(language.lists)

    def of_department(self, name: str) -> tuple[int, ...]:
        """Return keys of the clauses that a department (by its printed name) is responsible for."""
        return tuple(self._of_department.get(name, ()))

    def contact(self, text: str, mentions: Sequence[Mention]) -> Decision | None:
        """Return the query office (the confidential part, the products, or its name), or where to reach an office.

        The decision has a subject if the query office is meant. Without a subject, no office is named (电话多少).
        """
        plain = compact(text)
        if found := self._secret.search(plain) or self._lists.search(plain):
            return _decided(Intent.CONTACT, (), found.group(), "office", found.group())
        rest = _without(plain, mentions)
        asked = self._reader.asks_for_an_office(rest)
        if _HOURS.issuperset(asked) or not self._reader.is_silent(
            rest, roles=WordRole.FRAME | WordRole.GENERIC | WordRole.ENQUIRY
        ):
            return None
        if mentions and not self._is_query_office(mentions):
            return self._department(mentions, REACHED)
        is_meant = bool(mentions) or any(map(self._is_of_query_office, asked))
        return _decided(Intent.CONTACT, (), "、".join(asked) if is_meant else "", "office", "、".join(asked))

    def _is_query_office(self, mentions: Sequence[Mention]) -> bool:
        """Whether the named office is the one that answers what is not published."""
        contact = self._library.contact
        return contact is not None and any(contact.is_named(mention.typed) for mention in mentions)

    def _is_of_query_office(self, asked: str) -> bool:
        """Whether only the query office has the asked thing (查询电话), or its form is downloaded there (共享平台)."""
        contact = self._library.contact
        return "查询" in asked or (contact is not None and asked in contact.download)

    def is_figure(self, text: str) -> bool:
        """Whether a text gives a sum and names no subject (花了130万)."""
        plain = compact(text)
        asked = read_sum(plain)
        if asked is None or asked.comparison in (Comparison.LARGEST, Comparison.UNCAPPED):
            return False
        start, end = asked.span
        return all(
            self._reader.is_silent(piece, also=BESIDE_SUMS) for piece in (plain[:start], plain[end:]) if piece
        )

    def clauses(self, text: str) -> Decision | None:
        """Return clauses by number: of the named document, or of the default one, or of those that have the number.

        Numbers without a clause are left out. With only such numbers the decision is NONE. If one number means
        several clauses, they are a group to choose from.
        """
        named = self._documents.named(text)
        if named and not named.document:
            return None
        rest = named.rest if named else text
        if stepped := self._stepped_labels.asked(rest, named.document if named else ""):
            return self._clauses_of(stepped, compact(rest))
        asked = read_clauses(rest) or (_bracketed(rest) if self._has_brackets else None)
        if asked is None:
            return self._whole(named.document) if named and not compact(rest) else None
        known = self._numbered(asked.numbers, named.document if named else self._library.default)
        if not known and not named:
            known = [
                one for other in self._library.documents for one in self._numbered(asked.numbers, other.id)
            ]
        part = read_sections(rest)
        known = [one for one in known if part and one.section in part.numbers] or known
        if not known:
            number = as_number(str(asked.numbers[0]))
            return _decided(Intent.NONE, (), number, "number", f"没有 {asked.typed}")
        decision = self._clauses_of(known, asked.typed)
        if len(decision.clauses) > len(asked.numbers):
            return replace(decision, groups=(Group(decision.subject, decision.clauses),))
        return decision

    def _clauses_of(self, known: Sequence[Policy], typed: str) -> Decision:
        keys, subject = tuple(policy.key for policy in known), self._library.names(known[:_NAMED])
        return _decided(Intent.CLAUSE, keys, subject, "number", typed, sure=len(keys) == 1)

    def _numbered(self, numbers: Iterable[int], document: str) -> list[Policy]:
        return [policy for number in numbers for policy in self._library.numbered(number, document)]

    def _whole(self, document_id: str) -> Decision | None:
        """Return all clauses of a document, if the message is only its title."""
        document = self._library.document(document_id)
        if document is None:
            return None
        keys = tuple(policy.key for policy in document.policies)
        return _decided(Intent.SECTION, keys, document.title, "document", document.title)

    def sections(self, text: str) -> Decision | None:
        """Return parts of the document by number or by title."""
        asked = read_sections(text)
        if asked is not None:
            parts = ((self._library.default, number) for number in asked.numbers)
            known = [part for part in parts if part in self._sections]
            if not known:
                return _decided(Intent.NONE, (), asked.typed, "section", f"没有 {asked.typed}")
            return self._sections_read(known, asked.typed)
        plain = compact(text)
        named = _NAMED_PART.match(plain)
        name = named["name"] if named and self._reader.is_silent(named["rest"]) else plain
        for title, part in self._section_names.items():
            if name == title or (named and name in title):
                return self._sections_read([part], name)
        return None

    def _sections_read(self, parts: Sequence[_Part], typed: str) -> Decision:
        groups = tuple(Group(self._sections[part], tuple(self._of_section.get(part, ()))) for part in parts)
        subject = "、".join(group.heading for group in groups)
        return _listed(Intent.SECTION, groups, subject, "section", typed)

    def department(self, text: str, mentions: Sequence[Mention]) -> Decision | None:
        """Return all clauses of the named departments, if nothing else is asked for."""
        plain = compact(text)
        if mentions:
            return self._department(mentions) if self._reader.is_silent(_without(plain, mentions)) else None
        short = self.directory.by_short_name(plain)
        if short is None:
            return None
        rest = plain[short.span[1] :]
        if _ITS_LIST.fullmatch(rest) and not self._is_topic(short.typed):
            return self._department([short])
        asked = not rest or _RESPONSIBLE.search(rest)
        return self._department([short]) if asked and self._reader.is_silent(_OFFICE.sub("", rest)) else None

    def _is_topic(self, name: str) -> bool:
        """Whether a section or a track has the name (物流). Then it means the subject, not the office."""
        return any(name in title for title in (*self._section_names, *self._track_names))

    def _department(self, mentions: Sequence[Mention], stage: str = "department") -> Decision:
        named = list(dict.fromkeys(d.name for mention in mentions for d in mention.departments))
        typed = "、".join(mention.typed for mention in mentions)
        if not named:
            return _decided(Intent.NONE, (), typed, "department", f"条款中没有 {typed}")
        groups = tuple(Group(name, self.of_department(name)) for name in named)
        return _listed(Intent.DEPARTMENT, groups, "、".join(named), stage, typed)

    def amount(self, text: str, mentions: Sequence[Mention]) -> Decision | None:
        """Return all clauses that state such a sum, within the named departments, if nothing else is asked for."""
        plain = compact(with_points_kept(text))
        for mention in mentions:
            plain = plain.replace(compact(text)[slice(*mention.span)], "", 1)
        asked = read_sum(plain)
        if asked is None or not self._is_only(plain, asked):
            return None
        names = {d.name for mention in mentions for d in mention.departments}
        found = self._sums.clauses(asked)
        if names:
            found = tuple(key for key in found if names.intersection(self._departments_of(key)))
        subject = "、".join((*sorted(names), asked.in_words))
        return _decided(Intent.AMOUNT, found, subject, "amount", asked.in_words)

    def _departments_of(self, key: int) -> tuple[str, ...]:
        policy = self._library.get(key)
        return policy.departments if policy else ()

    def _is_only(self, plain: str, asked: SumAsked) -> bool:
        start, end = asked.span
        rest = plain[:start] + " " + plain[end:]
        if asked.comparison is Comparison.LARGEST and not re.search(r"哪|什么|最", plain):
            return False
        return all(self._reader.is_silent(piece, also=BESIDE_SUMS) for piece in rest.split())

    def track(self, text: str) -> Decision | None:
        """Return all clauses of an industry track, if the question says "track" or gives its whole name."""
        plain = compact(text)
        named = _TRACK.match(plain)
        if named and self._reader.is_silent(named["rest"]):
            track = self._tracks.get(named["name"])
        elif plain in self._track_names and plain not in self._reader.vocabulary:
            track = self._tracks[plain]
        else:
            return None
        if track is None:
            return None
        found = tuple(self._of_track.get(track.id, ()))
        return _decided(Intent.TRACK, found, track.name, "track", track.name)


def section_asked(library: Library, document_id: str, section: Section) -> str:
    """Return a question for all clauses of a section: its number in the default document, or its title."""
    return f"第{in_chinese(section.number)}部分" if document_id == library.default else section.title


def _bracketed(text: str) -> Numbers | None:
    """Return a number in brackets as the clause of a list, with or without its part: （二）, 第2部分（一）."""
    found = _BRACKETED.search(text)
    return read_clauses(found["number"]) if found else None


def _without(plain: str, mentions: Iterable[Mention]) -> str:
    for mention in sorted(mentions, key=lambda mention: -mention.span[0]):
        start, end = mention.span
        plain = plain[:start] + plain[end:]
    return plain


def _decided(
    intent: Intent, clauses: tuple[int, ...], subject: str, stage: str, what: str, *, sure: bool = False
) -> Decision:
    return Decision(intent, clauses, sure=sure, subject=subject, reasons=(Reason(stage, what),))


def _listed(intent: Intent, groups: tuple[Group, ...], subject: str, stage: str, what: str) -> Decision:
    clauses = tuple(dict.fromkeys(clause for group in groups for clause in group.clauses))
    shown = groups if len(groups) > 1 else ()
    return Decision(intent, clauses, subject=subject, groups=shown, reasons=(Reason(stage, what),))


def _lists(names: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern for questions about a list that only the query office has (技术产品目录, 查询技术产品)."""
    named = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    if not named:
        return re.compile(r"(?!)")
    return re.compile(rf"(?:{named}).{{0,6}}?{_LIST_ASKED}|{_LIST_LOOKED_UP}(?:{named})")
