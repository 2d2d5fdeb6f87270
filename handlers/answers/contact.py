"""The query office. It answers for what the compendium does not publish: confidential policies, the list of products."""

from handlers.framework.answer import Answer
from handlers.framework.context import Context
from handlers.framework.edition import Edition
from handlers.framework.menu import Key
from handlers.framework.registry import Command, Turn
from policies.library.models import Contact
from policies.search.decision import Decision, Intent
from policies.search.index import PolicyIndex
from wechat.texts import link


def answer(_decision: Decision, _text: str, edition: Edition) -> Answer:
    """Office, address, telephone and download page, as the document's last paragraph gives them."""
    return _answer(edition.index)


async def by_command(turn: Turn, context: Context) -> Answer:
    """The same, tapped in the menu."""
    return _answer(context.knowledge.index)


def _answer(index: PolicyIndex) -> Answer:
    contact = index.compendium.contact
    text = f"涉密政策内容和先进技术产品目录不在这里公开，请到查询窗口咨询。\n{contact_text(contact)}"
    return Answer.of(Intent.CONTACT, text)


def contact_text(contact: Contact) -> str:
    """The query office in lines, each as the document gives it."""
    return "\n".join(
        (
            f"查询：{contact.office}（{contact.address}）",
            f"电话：{contact.phone}",
            f"下载：《{contact.form}》请登录{contact.download}下载",
            f"网址：{link(contact.url, contact.url)}",
        )
    )


COMMANDS = (Command(Intent.CONTACT, by_command, words=("查询窗口", "联系方式"), menu_key=Key.CONTACT),)
