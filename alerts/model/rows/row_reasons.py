"""Why a row of the ledger ended as it did or waits: the Chinese sentences of `Delivery.reason`.

Operators read them at the desk. Reasons that come from WeChat stand in `wechat.api.errcodes`.
"""

# -- skipped: the campaign or the member no longer wants the row to be sent ----------------------------------------
CANCELLED = "推送已取消"
EXPIRED = "已过截止时间"
PASSED_OVER = "同日已有更紧急的提醒"
"""A more urgent alert of the same window goes to the member instead."""
TOLD_TODAY = "今天已提醒过这一项"
"""The member heard of the same window earlier that day."""
APPLIED = "成员已申报"
NO_ANNOUNCEMENTS = "成员已退订公告"
UNSUBSCRIBED = "成员已退订相关赛道"
NO_GENERAL = "成员已不接收通用政策提醒"
OTHER_DAYS = "成员已更改提醒时间"
NOT_FITTING = "与成员保存的公司情况明显不符"
"""The member wants no alerts of clauses that their kept profile plainly does not fit."""
NO_PROFILE_ALERTS = "成员已不按公司情况接收提醒"
PAUSED_MASS = "成员已暂停推送"
MASS_FULL = "本月群发次数已满，微信不再投递"
"""The member has had as many mass sends this month as WeChat delivers."""

# -- pending: the row waits ---------------------------------------------------------------------------------------
QUIET = "免打扰时段，顺延发送"
ON_ITS_WAY = "同一项的另一条提醒正在发送，稍后再看"
DAY_SPENT = "接口额度已用完，恢复后自动发送"

# -- inbox and unreachable ----------------------------------------------------------------------------------------
KEPT = "已存入提醒箱"
PAUSED = f"成员已暂停推送，{KEPT}"
DEADLINES_ONLY = f"成员只收截止提醒，{KEPT}"
NO_WAY = f"没有可用的发送方式，{KEPT}"
REFUSES = "用户拒收"
UNFOLLOWED = "用户已取消关注"
NOT_OURS = "openid 不属于本公众号或已取消关注"

# -- unknown and failed -------------------------------------------------------------------------------------------
NO_ANSWER = "微信没有回应，可能已送达，请人工确认"
SET_ASIDE = "结果未能写入台账，请人工核对"
UNFINISHED = "微信未能完成群发"

# -- sent ---------------------------------------------------------------------------------------------------------
CONFIRMED = "经人工确认，视为已送达"
