"""The link from the chat to the member's own page (`/me`)."""

from handlers.framework.context import Context
from subscriptions.members.member_tokens import Purpose
from wechat.texts import link


def page_link(context: Context, member_id: int) -> str:
    """A line with a link that opens this member's page for 15 minutes."""
    address = f"{context.public_url}/me?t={context.member_tokens.sign(Purpose.LINK, member_id)}"
    return f"{link('在网页上管理', address)}（15 分钟内有效，仅限本人）"
