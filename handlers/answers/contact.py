"""The query office. It answers what the library does not publish: confidential policies and the list of products.

Its telephone is shown only to people who ask for it, or for what it answers. If no office is named (电话多少), the
bot asks back.
"""

import re
from dataclasses import replace

from handlers.framework.answer import Answer
from handlers.framework.context import Context
from handlers.framework.edition import Edition
from handlers.framework.menu import Key
from handlers.framework.registry import Command, Turn
from handlers.framework.taps import tap, taps
from policies.library.models import Contact
from policies.search.decision import Decision, Intent
from policies.search.index import PolicyIndex
from wechat.texts import link

WHOSE = "whose_contact"
_QUERY_OFFICE = "查询窗口"
_WHAT = (
    ("地址", re.compile(r"地址|地点|位置|在哪|哪[里儿]|去哪|怎么走|窗口|办公室|address|where")),
    ("网址", re.compile(r"网|平台|登录|site|url|link")),
    ("办公时间", re.compile(r"几点|上班|下班|时间|hours")),
    ("联系方式", re.compile(r"邮箱|传真|微信|email|fax")),
)
_FOR_ALL = re.compile(r"咨询|客服|总机|前台|热线|hotline")
"""Asks for one telephone number for everything. The documents have no such number."""


def answer(decision: Decision, text: str, edition: Edition) -> Answer:
    """Show the query office as the document's last paragraph gives it, or ask which office is meant."""
    return query_office(edition.index) if decision.subject else whose(text, edition.index)


def in_part(decision: Decision, index: PolicyIndex) -> str:
    """Return the query office's answer as the answer to one need of several."""
    return office_text(index) if decision.subject else whose(decision.reasons[-1].what, index).text


def whose(text: str, index: PolicyIndex) -> Answer:
    """Ask which policy's or department's telephone is wanted. Show no number, because it would be another office's."""
    what = next((name for name, words in _WHAT if words.search(text)), "电话")
    ways = ["目录", "部门", "人工"]
    said = (
        f"这里没有登记统一的{what}。想问哪条政策或哪个部门的，直接说政策名、条号或部门名就行。\n"
        f"也可以点：{taps(*ways)}"
    )
    if _FOR_ALL.search(text.lower()) and index.contact is not None:
        said += f"\n涉密等不公开的内容另有窗口可以查询：{tap(_QUERY_OFFICE)}"
        ways.append(_QUERY_OFFICE)
    return replace(Answer.of(WHOSE, said), asked=False).offering(ways)


async def by_command(turn: Turn, context: Context) -> Answer:
    """Show the query office after a tap in the menu."""
    return query_office(context.knowledge.index)


def query_office(index: PolicyIndex) -> Answer:
    """Show the query office to a person who asks for it."""
    sentence = index.district.texts.confidential.sentence
    office = index.contact.office if index.contact else ""
    return replace(Answer.of(Intent.CONTACT, f"{sentence}\n{office_text(index)}"), office=office)


def office_text(index: PolicyIndex) -> str:
    """Return the query office in lines, as its document or the district gives it. If there is none, say whom else to ask."""
    contact = index.contact
    return contact_text(contact) if contact else f"文件中没有写明查询窗口，需要人帮忙请回复 {tap('人工')}。"


def contact_text(contact: Contact) -> str:
    """Return a query office in lines. What the document does not give is left out."""
    address = f"（{contact.address}）" if contact.address else ""
    lines = {
        f"查询：{contact.office}{address}": contact.office,
        f"电话：{contact.phone}": contact.phone,
        f"下载：《{contact.form}》请登录{contact.download}下载": contact.form and contact.download,
        f"网址：{link(contact.url, contact.url)}": contact.url,
    }
    return "\n".join(line for line, given in lines.items() if given) or contact.text


COMMANDS = (
    Command(Intent.CONTACT, by_command, words=(_QUERY_OFFICE, "涉密与目录查询"), menu_key=Key.CONTACT),
)
