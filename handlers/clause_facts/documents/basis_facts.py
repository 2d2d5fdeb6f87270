"""Tells of a document that clauses rest on: its number, who issued it, its period, its clauses. Pure.

A message names it by a part of its title (人才强青那份 多少号), or points at it while a clause that rests on it is shown
(这个行动计划管到哪年). What neither a title nor a clause says is said to be unknown.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from handlers.framework.answer import Answer
from handlers.framework.edition import Edition
from handlers.framework.phrases import squeeze
from handlers.framework.taps import clause_tap
from policies.search.reading.bases import NamedBasis
from policies.search.words.normalise import compact
from wechat.texts import escape_typed

OF_DOCUMENT = "document"
_LONGEST, _LONGEST_BARE = 40, 10
_MOST_TAPS = 3
_KINDS = (
    r"(?:行动|工作)?计划|(?:工作)?方案|(?:若干)?政策措施|(?:若干)?措施|若干政策|意见|(?:管理|实施)?细则"
    r"|(?:管理|试行)?办法|(?:政策)?清单|通知|(?:红头|依据)?文件"
)
"""What documents call themselves."""
_WHEN = r"(?:哪一?年|什么时候|啥时候|何时|哪天|几时|几年)"
_WHO = r"(?:谁|哪里|哪儿|哪家|哪个(?:单位|部门|局)|什么(?:单位|部门))"
_NUMBER_ASKED = r"文号|号文|几号|多少号|什么号|哪个号|编号"
_PERIOD_ASKED = (
    rf"(?:管|执行|实施|有效|用)?[到至]{_WHEN}|{_WHEN}(?:到期|过期|失效|作废)|有效期|管几年"
    r"|(?:还|现在|是否|是不是).{0,3}(?:有效|管用|作数|算数)|(?:过期|失效|作废|废止)(?:了)?(?:吗|么|没|不)"
)
_YEAR_ASKED = rf"{_WHEN}(?:的|出|发|印|定)"
_ISSUER_ASKED = rf"{_WHO}(?:给)?(?:发|印|出台?|定|制定)"
_NAME_ASKED = r"叫(?:什么|啥)|全称|全名"
_TEXT_ASKED = r"原文|(?:哪里|哪儿|在哪|去哪|到哪)(?:能|可以)?(?:看|找|下载?)"
_ASKED = re.compile(
    "|".join((_NUMBER_ASKED, _PERIOD_ASKED, _YEAR_ASKED, _ISSUER_ASKED, _NAME_ASKED, _TEXT_ASKED))
)
"""The facts of a document."""
_SIGN = re.compile(r"[号份划案施策见则法单知件]")
"""A character of 文号, 那份 or the kind of a document. This check settles most messages."""
_NUMBER = re.compile(_NUMBER_ASKED)
_ISSUER = re.compile(_ISSUER_ASKED)
_PERIOD = re.compile(_PERIOD_ASKED)
_TEXT = re.compile(_TEXT_ASKED)
_FILLERS = re.compile(r"[发给我下呢的是]|一下")
_DIGITS = re.compile(r"\d+年?")
_OF_A_CLAUSE = re.compile(r"条(?!措施|例)")
_POINTED = re.compile(rf"(?:这|那|该|本|上面)(?:个|份|部|项)?的?(?P<kind>{_KINDS})")
_A_DOCUMENT = re.compile(rf"[这那]份|{_KINDS}")
_SAID_OF_IT = re.compile(rf"[这那](?:个|份|部|项)?|{_KINDS}|{_ASKED.pattern}")
_SHORTEST_ALONE = 4
"""Characters of a title that name it if the message asks for a 文号 but does not say that a document is meant."""
_YEARS = re.compile(r"(?P<from>20\d{2})年?\s*[-—–~～至到]+\s*(?P<until>20\d{2})\s*年")
_BY_AND_TITLE = re.compile(r"(?P<by>[^《》〈〉，,。；;（）()]{2,30})《(?P<title>[^《》]{1,60})")
_BEGINNING = 5
_BEFORE_BEGINNING = 9
"""Characters that a clause may write before the title's own beginning (the city's name, 关于)."""
_PREPOSITIONS = re.compile(r"^(?:按照|根据|依据|按|和|由|、)")


def of_basis(text: str, shown: Sequence[int], edition: Edition) -> Answer | None:
    """Tell of the basis document that a message asks about. Return None if it asks about no such document.

    Args:
        text: the message.
        shown: the clauses on the screen.
        edition: what answers are made of.
    """
    may_be_bare = len(shown) > 1 and len(text) <= _LONGEST_BARE
    if len(text) > _LONGEST or not (may_be_bare or _SIGN.search(text)):
        return None
    if not _ASKED.search(text) or _OF_A_CLAUSE.search(text):
        return None
    numbered = edition.index.bases.numbered(compact(text).lower())
    documents = (numbered,) if numbered else _pointed_at(text, shown, edition) or _called(text, edition)
    if not documents:
        return None
    told = "\n\n".join(_told(one, text, edition) for one in documents)
    keys = tuple(dict.fromkeys(key for one in documents for key in one.clauses))
    about = keys[0] if len(keys) == 1 else shown[0] if len(shown) == 1 and shown[0] in keys else 0
    return replace(Answer.of(OF_DOCUMENT, told, keys), asked=False, about=about)


def _pointed_at(text: str, shown: Sequence[int], edition: Edition) -> tuple[NamedBasis, ...]:
    """Return the documents of the shown clauses that a message points at. A bare 文号发我 means what all of several share."""
    policies = [policy for key in shown if (policy := edition.index.policy(key)) is not None]
    each = [edition.index.bases.of_clause(policy) for policy in policies]
    if not each:
        return ()
    shared = tuple(one for one in each[0] if all(one in others for others in each[1:]))
    pointed = _POINTED.search(text)
    if pointed is not None:
        kind = pointed["kind"].removeprefix("红头").removeprefix("依据")
        return tuple(one for one in shared if kind == "文件" or kind in one.title)
    is_bare = len(policies) > 1 and len(text) <= _LONGEST_BARE and not _names_more(text)
    return shared if is_bare else ()


def _names_more(text: str) -> bool:
    return len(_FILLERS.sub("", _ASKED.sub("", squeeze(text)))) > 1


def _called(text: str, edition: Edition) -> tuple[NamedBasis, ...]:
    """Return the documents that a message calls by a part of their titles."""
    is_said = _A_DOCUMENT.search(text) is not None
    if not is_said and not _NUMBER.search(text):
        return ()
    said = _DIGITS.sub(" ", text)  # a year stands in many titles
    rest = "\n".join(filter(None, map(compact, _SAID_OF_IT.split(said)))).lower()
    bases = edition.index.bases
    return bases.called(rest) if is_said else bases.called(rest, _SHORTEST_ALONE)


def _told(document: NamedBasis, text: str, edition: Edition) -> str:
    """Tell of one document in lines."""
    lines = [f"{document.title}："]
    lines += [] if document.basis.doc_no else ["这里没有登记它的文号。"]
    issuer = _issuer(document, edition)
    if issuer or _ISSUER.search(text):
        lines.append(f"发文单位：{escape_typed(issuer)}" if issuer else "条文没有写发文单位。")
    years = _YEARS.search(document.basis.title)
    if years is not None:
        lines.append(f"名称写明的期限：{years['from']}年至{years['until']}年。")
    elif _PERIOD.search(text):
        lines.append("这里没有收录它的有效期，是否仍在执行请向发文单位或负责部门确认。")
    lines += ["这里没有收录它的原文，可以向发文单位索取。"] if _TEXT.search(text) else []
    return "\n".join((*lines, _clauses(document.clauses, edition)))


def _issuer(document: NamedBasis, edition: Edition) -> str:
    """Return who issued a document, as a clause writes it before the title; "" if none does."""
    begins = document.basis.title.removeprefix("关于")[:_BEGINNING]
    for policy in filter(None, map(edition.index.policy, document.clauses)):
        for found in _BY_AND_TITLE.finditer(policy.text):
            if 0 <= found["title"].find(begins) <= _BEFORE_BEGINNING:
                return _PREPOSITIONS.sub("", found["by"].strip())
    return ""


def _clauses(keys: Iterable[int], edition: Edition) -> str:
    """Return a line with the clauses that rest on a document."""
    policies = [policy for key in keys if (policy := edition.index.policy(key)) is not None]
    library = edition.index.library
    if len(policies) <= _MOST_TAPS:
        return "\n".join(("以它为依据的条款：", *(clause_tap(policy, library) for policy in policies)))
    return f"以它为依据的条款共{len(policies)}条：{library.names(policies)}。"
