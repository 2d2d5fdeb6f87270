"""Events of docs/wechat.md §2 that no other module handles.

WeChat shows a reply only to a follow, a QR scan, a menu click and `scancode_waitmsg`. All other events, known or
not, are answered with `success`.
"""

from handlers.answers.courtesies.welcome_and_help import usage
from handlers.framework.answer import Answer
from handlers.framework.context import Context
from handlers.framework.registry import EventHandler, Turn

NOTHING_TO_DO = frozenset(
    {
        "location",
        "view",
        "view_miniprogram",
        "scancode_push",
        "pic_sysphoto",
        "pic_photo_or_album",
        "pic_weixin",
        "location_select",
        "publishjobfinish",
        "user_info_modified",
        "kf_create_session",
        "kf_close_session",
        "kf_switch_session",
        "qualification_verify_success",
        "qualification_verify_fail",
        "naming_verify_success",
        "naming_verify_fail",
        "annual_renew",
        "verify_expired",
    }
)
"""Known events that change nothing we store."""

UNKNOWN = "unknown_event"
"""The intent of every unknown event. One name for all, so that nobody outside can fill logs and metrics with names."""


async def scanned_code(turn: Turn, context: Context) -> Answer:
    """Answer the scan of a code by a `scancode_waitmsg` button. Our menu has no such button, so say what the bot does."""
    return Answer.of("scancode", "这个二维码我不认识。想查政策，直接打字问我就行。")


async def unknown_key(turn: Turn, context: Context) -> Answer:
    """Answer an unknown key. A phone shows an older menu for up to five minutes after a new one was pushed."""
    answer = await usage(turn, context)
    return Answer.of("help", f"菜单刚更新过，请稍后重新打开对话。\n{answer.text}")


EVENTS = (EventHandler("scancode_waitmsg", scanned_code),)
