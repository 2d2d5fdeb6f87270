"""A member's preferences as short Chinese texts. Pure."""

from datetime import date

from subscriptions.members.preferences import DIGEST_NAMES, STOPPED, Preferences


def summary(preferences: Preferences) -> str:
    """Return the settings in a few lines."""
    return f"提前提醒：{lead_days(preferences)}\n免打扰：{quiet(preferences)}\n方式：{DIGEST_NAMES[preferences.digest]}"


def pushing(preferences: Preferences, today: date) -> str:
    """Return 推送已停止, 推送已暂停到2026年3月5日, or "" if messages are sent."""
    until = preferences.paused_until
    if until is None or not preferences.is_paused(today):
        return ""
    return "推送已停止" if until == STOPPED else f"推送已暂停到{until.year}年{until.month}月{until.day}日"


def lead_days(preferences: Preferences) -> str:
    """30、14、7、3、1 天 …"""
    days = preferences.effective_lead_days
    return f"截止前 {'、'.join(map(str, days))} 天" if days else "只在开始申报时"


def quiet(preferences: Preferences) -> str:
    """21:00–08:30 …"""
    if preferences.quiet_from == preferences.quiet_until:
        return "未设"
    return f"{clock_time(preferences.quiet_from)}–{clock_time(preferences.quiet_until)}"


def clock_time(minute: int) -> str:
    """21:00, for 1260 minutes after midnight."""
    return f"{minute // 60:02}:{minute % 60:02}"
