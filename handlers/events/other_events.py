"""What each event of docs/wechat.md §2 leads to where no other module takes it up.

WeChat shows replies to a follow, a scan, a menu click and a waiting code scan alone; everything
else, unknown events too, is answered with `success`.
"""

from handlers.answers.welcome_and_help import usage
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
"""Known events that concern nothing we keep."""

UNKNOWN = "unknown_event"
"""The intent of any other event: one name, so that no outsider can fill logs and metrics with names."""


async def scanned_code(turn: Turn, context: Context) -> Answer:
    """A code scanned by a menu button that waits for us: we have none such, so say what we do."""
    return Answer.of("scancode", "这个二维码我不认识。想查政策，直接打字问我就行。")


async def unknown_key(turn: Turn, context: Context) -> Answer:
    """A menu that an older version pushed is still on the phone for up to five minutes."""
    answer = await usage(turn, context)
    return Answer.of("help", f"菜单刚更新过，请稍后重新打开对话。\n{answer.text}")


EVENTS = (EventHandler("scancode_waitmsg", scanned_code),)
