"""What each errcode of WeChat means and what follows from it: one table (docs/wechat.md §7.4).

wechatpy lists numbers alone (`WeChatErrorCode`), without what follows.

Delivery, desk and command line read it; the remedy is the sentence that an operator sees. A row
names the action; `alerts/channels/verdicts.py` says what the action does to a delivery.
"""

from dataclasses import dataclass
from enum import StrEnum


class ErrcodeAction(StrEnum):
    """What follows from a refusal."""

    REFRESH_TOKEN = "refresh_token"  # noqa: S105
    """The client has refreshed the token in vain (`tokens.AccessTokens.renew`). Nothing was sent. Try again in a minute."""
    RETRY = "retry"
    """Try again with back-off and jitter, after `wait_s` at least; thrice if the code is unknown."""
    RETRY_NEXT_MINUTE = "retry_next_minute"
    """The minute's quota of this API is used: everyone waits for the next minute."""
    STOP_UNTIL_MIDNIGHT = "stop_until_midnight"
    """The day's quota of this API is used: everyone waits for midnight in Beijing."""
    NEXT_CHANNEL = "next_channel"
    """This way is closed for this member; another may be open."""
    UNFOLLOWED = "unfollowed"
    """The member no longer follows the account."""
    MEMBER_REFUSES = "member_refuses"
    """The member takes no messages this way, by their own or the platform's will; another may be open."""
    CHECK_OPENID = "check_openid"
    """Ask user/info once: unfollowed, or an openid of another account."""
    FAIL_ROW = "fail_row"
    """This message cannot be sent; others can."""
    PAUSE_CAMPAIGN = "pause_campaign"
    """No message of this campaign can be sent until an operator acts."""
    ACCEPTED = "accepted"
    """WeChat has this job already. The call of a mass send takes its msg_id; no other call should get this answer."""
    WAIT_FOR_ADMIN = "wait_for_admin"
    """An administrator of the account has to confirm within 30 minutes."""
    RESTART_SIGN_IN = "restart_sign_in"
    """The web sign-in has lapsed: begin it again."""
    NOTHING_THERE = "nothing_there"
    """What was asked for does not exist: treat as empty."""


@dataclass(frozen=True, slots=True)
class Errcode:
    """One row: codes that mean the same and lead to the same.

    Attributes:
        meaning: what happened, in Chinese.
        remedy: what an operator should do, in Chinese; "" if there is nothing to do.
        wait_s: seconds to wait at least before the next try.
        may_have_run: WeChat may have carried the call out although it answered so. Without a client id it must not be
            repeated, except after -1 (see `alerts.channels.verdicts.BUSY`).
        systemic: where the first rows of a campaign all fail so, the campaign itself is wrong: pause it.
    """

    codes: tuple[int, ...] | range
    meaning: str
    action: ErrcodeAction
    remedy: str = ""
    wait_s: int = 0
    may_have_run: bool = False
    systemic: bool = False


_SECRET = "请核对 BOT_WECHAT_APP_ID 与 BOT_WECHAT_APP_SECRET 是否与公众平台一致。"  # noqa: S105
_WHITELIST = "请在公众平台“设置与开发 → 基本配置”的 IP 白名单中加入本服务器的出口 IP，并由管理员确认。"
_PLATFORM = "请登录公众平台查看通知，按提示处理后再恢复发送。"

ERRCODES: tuple[Errcode, ...] = (
    Errcode((-1, 268487001, 268487002), "微信系统繁忙", ErrcodeAction.RETRY, may_have_run=True),
    Errcode(
        (40001, 40014, 42001, 41001),
        "接口凭证无效或已过期",
        ErrcodeAction.REFRESH_TOKEN,
        "系统已自动刷新凭证仍被拒绝，一分钟后会再试；若持续出现，请检查是否有别的程序在反复重置凭证。",
        wait_s=60,
    ),
    Errcode(
        (42002, 42003, 40029, 40030, 40163),
        "网页授权已过期或已使用",
        ErrcodeAction.RESTART_SIGN_IN,
        "请重新从公众号菜单进入页面。",
    ),
    Errcode((40013, 40125, 41002, 41004), "AppID 或 AppSecret 不正确", ErrcodeAction.PAUSE_CAMPAIGN, _SECRET),
    Errcode(
        (40164, 89503, 89506, 89507, 61004),
        "服务器 IP 不在白名单中",
        ErrcodeAction.PAUSE_CAMPAIGN,
        _WHITELIST,
    ),
    Errcode((40243, 50004, 50007), "账号或密钥已被冻结", ErrcodeAction.PAUSE_CAMPAIGN, _PLATFORM),
    Errcode(
        (48001,),
        "公众号没有这个接口的权限",
        ErrcodeAction.PAUSE_CAMPAIGN,
        "请确认账号类型与认证状态，并核对 BOT_WECHAT_ACCOUNT 与 BOT_WECHAT_VERIFIED；也可改用其他发送方式。",
    ),
    Errcode((48004,), "接口已被平台封禁", ErrcodeAction.PAUSE_CAMPAIGN, _PLATFORM),
    Errcode((48005,), "素材正被自动回复或菜单引用", ErrcodeAction.FAIL_ROW, "请先解除引用再操作。"),
    Errcode(
        (48006,), "本月清零额度的次数已用完", ErrcodeAction.FAIL_ROW, "请等到下月，或等当日额度在零点恢复。"
    ),
    Errcode(
        (45009,),
        "接口当日调用额度已用完",
        ErrcodeAction.STOP_UNTIL_MIDNIGHT,
        "额度在北京时间零点恢复，届时自动继续；截止日期近的会先发。",
    ),
    Errcode(
        (45011,),
        "接口每分钟调用过快",
        ErrcodeAction.RETRY_NEXT_MINUTE,
        "系统已自动放慢，无需处理。",
        wait_s=60,
    ),
    Errcode((42010,), "群发过快", ErrcodeAction.RETRY_NEXT_MINUTE, "系统会在一分钟后再试。", wait_s=60),
    Errcode(
        (40003,),
        "openid 无效或不属于本公众号",
        ErrcodeAction.CHECK_OPENID,
        "请核对导入名单是否来自本公众号。",
    ),
    Errcode((43004, 50005), "用户已取消关注", ErrcodeAction.UNFOLLOWED),
    Errcode(
        (43019,), "用户在本公众号的黑名单中", ErrcodeAction.MEMBER_REFUSES, "如需发送，请先将其移出黑名单。"
    ),
    Errcode((48002,), "用户拒收公众号消息", ErrcodeAction.MEMBER_REFUSES),
    Errcode((50002,), "用户或账号受限", ErrcodeAction.MEMBER_REFUSES),
    Errcode((70000,), "未成年人保护限制", ErrcodeAction.MEMBER_REFUSES),
    Errcode((43101,), "用户没有（剩余的）订阅授权", ErrcodeAction.NEXT_CHANNEL),
    Errcode((45015,), "客服消息窗口已关闭", ErrcodeAction.NEXT_CHANNEL),
    Errcode((45047,), "客服消息条数已用完", ErrcodeAction.NEXT_CHANNEL),
    Errcode(
        (43107, 43116, 40249),
        "模板因营销内容或违规被平台限制",
        ErrcodeAction.PAUSE_CAMPAIGN,
        "请检查模板与内容是否符合平台规定，更换模板或改用其他方式后再恢复。",
    ),
    Errcode((43108,), "同一用户同一模板正在发送", ErrcodeAction.RETRY, wait_s=3),
    Errcode(
        (40037, 40036),
        "模板 ID 不存在或不属于本公众号",
        ErrcodeAction.PAUSE_CAMPAIGN,
        "请在公众平台核对模板 ID，并更新 BOT_WECHAT_TEMPLATES。",
    ),
    Errcode(
        (41030,),
        "小程序页面路径不正确",
        ErrcodeAction.PAUSE_CAMPAIGN,
        "请核对 BOT_WECHAT_TEMPLATES 中的小程序路径。",
    ),
    Errcode(
        (47001,),
        "请求内容格式错误",
        ErrcodeAction.PAUSE_CAMPAIGN,
        "这是程序的问题，请将编号与时间告知开发人员。",
    ),
    Errcode(
        (47003,),
        "模板字段内容不合规定",
        ErrcodeAction.FAIL_ROW,
        "请按微信给出的字段名检查模板字段与内容（长度、日期写法）。",
        systemic=True,
    ),
    Errcode(
        (40007, 40004, 40005, 40006),
        "素材无效或已过期",
        ErrcodeAction.FAIL_ROW,
        "请重新上传素材。",
        systemic=True,
    ),
    Errcode(
        (40008,), "消息类型不正确", ErrcodeAction.FAIL_ROW, "这是程序的问题，请告知开发人员。", systemic=True
    ),
    Errcode((44002, 44003, 44004), "内容为空", ErrcodeAction.FAIL_ROW, "请补全内容后重发。", systemic=True),
    Errcode(
        (45002, 45003, 45004, 45005, 45007, 45008),
        "内容超出长度限制",
        ErrcodeAction.FAIL_ROW,
        "请缩短标题或正文后重发。",
        systemic=True,
    ),
    Errcode((45065,), "同一群发已提交过", ErrcodeAction.ACCEPTED),
    Errcode((45066,), "同一群发重试过快", ErrcodeAction.RETRY, wait_s=60),
    Errcode(
        (45067,), "群发编号过长", ErrcodeAction.FAIL_ROW, "这是程序的问题，请告知开发人员。", systemic=True
    ),
    Errcode(
        (45028,),
        "群发次数已用完",
        ErrcodeAction.PAUSE_CAMPAIGN,
        "请等到下一周期（服务号按月、订阅号按天）再恢复。",
    ),
    Errcode(
        (48003,),
        "尚未同意群发协议",
        ErrcodeAction.PAUSE_CAMPAIGN,
        "请登录公众平台，在群发页面同意协议后再恢复。",
    ),
    Errcode(
        (89504, 89505),
        "群发等待管理员确认",
        ErrcodeAction.WAIT_FOR_ADMIN,
        "请管理员在 30 分钟内于微信中确认本次群发。",
        wait_s=60,
    ),
    Errcode(
        (40130, 40031, 40032, 40035),
        "名单数量不合规定",
        ErrcodeAction.FAIL_ROW,
        "群发名单须为 2 至 10000 人。",
    ),
    Errcode(
        (45056, 45057, 45058, 45059, 45157, 45158, 45159, 40152),
        "标签不可用",
        ErrcodeAction.FAIL_ROW,
        "请在公众平台核对标签。",
    ),
    Errcode((45169,), "同一用户的标签正在修改", ErrcodeAction.RETRY, wait_s=2),
    Errcode((45171,), "部分用户未能打上标签", ErrcodeAction.RETRY, wait_s=2),
    Errcode((46003, 65303, 65301), "公众号还没有自定义菜单", ErrcodeAction.NOTHING_THERE),
    Errcode(
        range(40016, 40028),
        "菜单按钮不合规定",
        ErrcodeAction.FAIL_ROW,
        "请检查菜单的个数、名称、键值与链接长度。",
    ),
    Errcode((40033,), "菜单含有不允许的字符", ErrcodeAction.FAIL_ROW, "请检查菜单文字中的特殊字符。"),
    Errcode((40054, 40055), "菜单链接的域名不正确", ErrcodeAction.FAIL_ROW, "请检查 BOT_PUBLIC_URL。"),
    Errcode(range(61450, 61460), "客服账号不可用", ErrcodeAction.FAIL_ROW, "请在公众平台核对客服账号。"),
    Errcode(range(61000, 62000), "账号授权或状态异常", ErrcodeAction.PAUSE_CAMPAIGN, _PLATFORM),
    Errcode(
        (43002,),
        "接口要求 POST 请求",
        ErrcodeAction.FAIL_ROW,
        "这是程序的问题，请告知开发人员。",
        systemic=True,
    ),
)
"""Read from the top: the first row that holds a code counts (61004 before the rest of 61xxx)."""

UNKNOWN = Errcode((), "微信返回了未收录的错误码", ErrcodeAction.RETRY, "请按错误码在微信官方文档中查询原因。")
"""For codes in no row: tried thrice, then a dead letter that keeps the code."""

WRONG_SECRET = Errcode((40001,), "AppID 或 AppSecret 不正确", ErrcodeAction.PAUSE_CAMPAIGN, _SECRET)
"""40001 from the token endpoint: the secret is wrong, no refresh can help (§7.2)."""

_BY_CODE = {code: row for row in reversed(ERRCODES) for code in row.codes}


def explain(errcode: int) -> Errcode:
    """Return the row of a code; `UNKNOWN` for one the table lacks."""
    return _BY_CODE.get(errcode, UNKNOWN)
