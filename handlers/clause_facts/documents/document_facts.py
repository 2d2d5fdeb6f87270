"""Tells of a whole document who issued it and when it is in force, in its own words. Pure.

If the document does not say something, the answer says so. Another document's dates are never used.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from handlers.clause_facts.documents.basis_facts import OF_DOCUMENT
from handlers.clause_facts.facts import Fact
from handlers.framework.answer import Answer
from handlers.framework.edition import Edition
from handlers.framework.phrases import squeeze, whole
from handlers.framework.taps import tap, taps
from policies.library.clause_lines import in_chinese_order
from policies.library.models import Document, Policy
from policies.library.validity import Validity, validity_in
from policies.search.decision import Intent
from policies.search.words.normalise import compact
from wechat.texts import escape_typed

ITS_FACTS = frozenset({Fact.VALIDITY, Fact.FORCE, Fact.BASIS})
"""If the message names a document, these facts are the document's."""
_QUOTED = re.compile(r"[《〈](?P<name>[^《》〈〉]{2,80})[》〉]")
_SHORTEST = 4
_CLOSING = 30
"""The period stands among the last clauses, or in the words before the first one."""


_THIS = r"(?:你们?|您|这里|咱们?)?的?[这那]?(?:个|份|本|套|些)?"
_COLLECTION = rf"{_THIS}(?:文件|政策)?(?:摘编|汇编|册子)"
_HELD = r"(?:(?:你们?|您|这里)的?[这那]?(?:个|份|本|套|些)?|这(?:本|套))(?:资料|数据|内容|条文|东西|政策)"
"""What the bot holds. 资料 alone is the writer's own."""
_WHEN = r"(?:什么时候|啥时候|何时|哪一?年|几月份?|哪个月)"
_WHO = r"(?:谁|哪家|哪里|哪儿|哪个(?:单位|部门)|什么(?:单位|部门))"
_MADE = r"(?:编|编写|编制|整理|汇总|做|出|印|发|收集)"
_MADE_BY = rf"(?:是|由)?{_WHO}(?:给)?{_MADE}(?:出来)?(?:的|出来的)?"
_OF_WHEN = rf"(?:最新)?(?:的)?(?:版本?|一版)?(?:是|到底是)?{_WHEN}(?:{_MADE}(?:的|出来的)?|的(?:版本?|了)?|更新(?:的|到的)?|的)"
_EDITION = (
    rf"(?:更新|截止?|收录|统计)(?:到|至)(?:了)?{_WHEN}|(?:是)?(?:第几|哪一?个?|什么|有几)版本?|(?:是)?最新的?"
)
_MANY = r"(?:里)?(?:面)?(?:一共|总共|共)?(?:有|收录?|收了)?(?:了)?(?:多少|几)条"
_SIGN = re.compile(r"[编册料据容文西]|[你您里]的?政策")
"""A part of 摘编, 编的 or what the bot holds (资料, 数据, 内容, 条文, 东西)."""
_OF_THE_COLLECTION = whole(
    rf"(?:{_COLLECTION}|{_HELD})(?:{_MADE_BY}|{_OF_WHEN}|{_EDITION}|{_MANY})",
    rf"(?:{_MADE_BY}|{_WHEN}{_MADE}){_COLLECTION}",
    rf"(?:是)?{_WHO}(?:给)?(?:编|编写|整理|汇编)(?:出来)?的",
)
"""Asks who made the collection of clauses, and of when it is (你这份摘编是什么时候出的, 哪家编的)."""


def collection_asked(text: str, edition: Edition) -> Document | None:
    """Return the default document, if the whole message asks who made it or of when it is; else None."""
    if not _SIGN.search(text):  # nearly all
        return None
    plain = squeeze(text)
    is_asked = bool(plain) and _OF_THE_COLLECTION.fullmatch(plain) is not None
    return edition.index.library.default_document if is_asked else None


def document_named(text: str, edition: Edition) -> Document | None:
    """Find the one document that a text names by title, short name, or a part in 《》. Return None for none or several."""
    library, plain = edition.index.library, compact(text)
    quoted = compact(found["name"]) if (found := _QUOTED.search(text)) else ""
    named = [
        document
        for document in library.documents
        if any(
            (len(name) >= _SHORTEST and name in plain) or (quoted and quoted in name)
            for name in map(compact, library.names_of_document(document))
        )
    ]
    return named[0] if len(named) == 1 else None


_NUMBER = re.compile(
    r"(?P<by>[\u4e00-\u9fff]{1,6}[发字办函规通政])\s?[〔\[【(（]?(?P<year>(?:19|20)\d{2})[〕\]】)）]?年?\s?第?(?P<number>\d{1,4})\s?号"
)
"""The number of a document (文号), in the brackets that people type."""
_LONGEST_BESIDE = 8


def unknown_number(text: str, edition: Edition) -> Answer | None:
    """Say that the library has no document with this 文号. Return None if the text names no number, or a known one."""
    found = _NUMBER.search(text)
    if found is None or edition.index.bases.numbered(compact(found.group()).lower()) is not None:
        return None
    beside = text.replace(found.group(), "")
    if len(beside) > _LONGEST_BESIDE or edition.index.names_a_subject(beside):
        return None
    said = f"{found['by']}〔{found['year']}〕{found['number']}号"
    return replace(
        Answer.of(
            Intent.NONE,
            f"这里没有收录文号为“{escape_typed(said)}”的文件，也没有条款以它为依据。\n"
            f"知道文件名称可以直接说名称再查，或看 {tap('目录')}；需要人帮忙请回复 {tap('人工')}。",
        ),
        asked=False,
    )


def tell_document(document: Document, edition: Edition) -> Answer:
    """Tell issuer, edition and period of a document. Say so if the document does not state one of them."""
    lines = [f"关于《{document.title}》："]
    lines += [f"发文单位：{escape_typed(document.issuer)}"] if document.issuer else []
    lines += [f"版本：{escape_typed(document.edition)}"] if document.edition else []
    lines += [f"收录条款：{len(document.policies)} 条"] if document.policies else []
    lines += period_lines(document, edition)
    return replace(Answer.of(OF_DOCUMENT, "\n".join((*lines, taps("目录")))), asked=False)


def period_lines(document: Document, edition: Edition) -> list[str]:
    """Say from when and until when a document is in force, in its words, or that it does not say."""
    found = next(_periods(document), None)
    if found is None:
        return [
            f"这里收录的内容没有写施行日期和有效期，请向{escape_typed(document.issuer) or '发文单位'}确认。"
        ]
    policy, said = found
    where = f"（{edition.index.library.number(policy)}）" if policy is not None else ""
    dates = [
        f"施行日期：{in_chinese_order(said.begins)}" if said.begins else "",
        f"有效期至：{in_chinese_order(said.ends)}" if said.ends else "没有写有效期到哪天。",
    ]
    return [f"原文写的是：“{said.quote}”{where}", *filter(None, dates)]


def _periods(document: Document) -> Iterator[tuple[Policy | None, Validity]]:
    for policy in reversed(document.policies[-_CLOSING:]):
        if (said := validity_in(policy.text)) is not None:
            yield policy, said
    if (said := validity_in(document.preamble)) is not None:
        yield None, said
