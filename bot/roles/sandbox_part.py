"""The sandbox inside a web process: a WeChat on your desk, if no account is set."""

from functools import partial

from aiohttp import web
from yarl import URL

from bot.roles.conversation import Conversation
from bot.runtime.account import sandbox_account
from bot.runtime.addresses import bracketed
from bot.runtime.services import Services
from handlers.framework.menu import as_buttons, labels_of
from sandbox.addresses import PREFIX
from sandbox.app import make_sandbox
from sandbox.gate import LOOPBACK_HOSTS
from sandbox.phone.page import AccountShown


def add_sandbox(app: web.Application, services: Services, conversation: Conversation) -> None:
    """Add the phones and the WeChat API that stands in."""
    settings = services.settings
    context = conversation.context
    texts = context.knowledge.index.district.texts
    labels = labels_of(texts.menu, can_match=not context.matching.is_empty)
    sandbox = make_sandbox(
        sandbox_account(settings, services.secret),
        callback_url=f"{settings.here}/wechat",
        clock=services.clock,
        declared_menu={"button": as_buttons(settings.effective_public_url, labels)},
        windows=conversation.context.windows,
        account_shown=partial(_account_shown, conversation),
        state_file=services.folder.path / "sandbox.json",
        behind_proxy=settings.sandbox is True,
        hosts=LOOPBACK_HOSTS | _hosts(settings.effective_public_url, services.bot.api_base),
    )
    app.add_subapp(PREFIX, sandbox)


def _account_shown(conversation: Conversation) -> AccountShown:
    """Return the account's name, and three questions to try, for the sandbox's phones."""
    index = conversation.context.knowledge.index
    examples = index.examples
    suggestions = tuple(filter(None, (examples.word, examples.clause, examples.sentence)))
    name = index.district.texts.account
    return AccountShown(name, suggestions) if name else AccountShown(suggestions=suggestions)


def _hosts(*addresses: str) -> frozenset[str]:
    """Return the hosts of addresses in the form of a Host header, without the port."""
    return frozenset(bracketed(host) for address in addresses if (host := URL(address).host))
