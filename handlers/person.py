"""人工: a person is wanted."""

from handlers.answer import Answer
from handlers.contact import contact_text
from handlers.context import Context
from handlers.menu import Key
from handlers.registry import Command, Turn
from handlers.taps import tap


async def answer(turn: Turn, context: Context) -> Answer:
    """The query office, and the question that led here kept for the operators."""
    if turn.session.asked:
        await context.questions.record(turn.session.asked, "person")
    contact = context.knowledge.index.compendium.contact
    text = (
        "您的需要已记下。可以先联系查询窗口：\n"
        f"{contact_text(contact)}\n"
        f"某一条由哪个部门负责，条款里都有写明，例如 {tap('工信局有哪些政策')}。"
    )
    return Answer.of("person", text)


COMMANDS = (
    Command("person", answer, words=("人工", "人工服务", "转人工", "人工客服", "客服"), menu_key=Key.PERSON),
)
