"""Writes lines beside a clause's text: its basis documents, and a caution if their period is over. Pure."""

from datetime import date

from policies.library.models import Basis, Policy

OF_BASIS = "依据文件"


def basis_text(basis: Basis) -> str:
    """Return the basis document as 《title》（文号）."""
    return f"《{basis.title}》（{basis.doc_no}）" if basis.doc_no else f"《{basis.title}》"


def period_over(policy: Policy, today: date) -> str:
    """Return a caution if the period of the basis, or of the document, is over. It does not say that the clause is void."""
    until = policy.valid_until
    if until is None or until >= today:
        return ""
    ended = f"{whose_period(policy)}写明的期限（至{in_chinese_order(until)}）已过"
    return f"请留意：{ended}，是否继续执行请向{who_confirms(policy)}确认。"


def whose_period(policy: Policy) -> str:
    """Return which document gives the last day of a clause: its basis whose title names the year, or its own document."""
    year = str(policy.valid_until.year) if policy.valid_until else ""
    return OF_BASIS if any(year in basis.title for basis in policy.basis) else "文件"


def who_confirms(policy: Policy) -> str:
    """Whom to ask about a clause, in a sentence: its departments, else whoever issued the document."""
    return "、".join(policy.departments) or "发文单位"


def in_chinese_order(day: date) -> str:
    """2026年3月2日."""
    return f"{day.year}年{day.month}月{day.day}日"


def near_day(value: date, today: date) -> str:
    """Return a date, without its year if that is this year: 12月17日, 2027年1月6日."""
    return f"{value.month}月{value.day}日" if value.year == today.year else in_chinese_order(value)
