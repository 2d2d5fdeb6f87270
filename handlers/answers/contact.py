"""The query office. It answers for what the library does not publish: confidential policies, the list of products."""

from dataclasses import replace

from handlers.framework.answer import Answer
from handlers.framework.context import Context
from handlers.framework.edition import Edition
from handlers.framework.menu import Key
from handlers.framework.registry import Command, Turn
from handlers.framework.taps import tap
from policies.library.models import Contact
from policies.search.decision import Decision, Intent
from policies.search.index import PolicyIndex
from wechat.texts import link


def answer(_decision: Decision, _text: str, edition: Edition) -> Answer:
    """Office, address, telephone and download page, as the document's last paragraph gives them."""
    return query_office(edition.index)


async def by_command(turn: Turn, context: Context) -> Answer:
    """The same, tapped in the menu."""
    return query_office(context.knowledge.index)


def query_office(index: PolicyIndex) -> Answer:
    """The same, for a question about it that follows."""
    sentence = index.district.texts.confidential.sentence
    office = index.library.contact.office if index.library.contact else ""
    return replace(Answer.of(Intent.CONTACT, f"{sentence}\n{office_text(index)}"), office=office)


def office_text(index: PolicyIndex) -> str:
    """The query office in lines, each as its document or the district gives it; whom else to ask where there is none."""
    contact = index.contact
    return contact_text(contact) if contact else f"文件中没有写明查询窗口，需要人帮忙请回复 {tap('人工')}。"


def contact_text(contact: Contact) -> str:
    """A query office in lines; what the document does not give is left out."""
    address = f"（{contact.address}）" if contact.address else ""
    lines = {
        f"查询：{contact.office}{address}": contact.office,
        f"电话：{contact.phone}": contact.phone,
        f"下载：《{contact.form}》请登录{contact.download}下载": contact.form and contact.download,
        f"网址：{link(contact.url, contact.url)}": contact.url,
    }
    return "\n".join(line for line, given in lines.items() if given) or contact.text


COMMANDS = (
    Command(
        Intent.CONTACT, by_command, words=("查询窗口", "联系方式", "涉密与目录查询"), menu_key=Key.CONTACT
    ),
)
