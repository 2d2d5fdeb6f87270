"""The copy of all data about a person: the whole as a file, the main points in words (PIPL article 45)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from alerts.member.alerts_of_member import MemberAlerts
from alerts.member.history import MadeFor
from alerts.member.names import published_track_names, topic_name
from alerts.model.channel import Channel
from alerts.model.rows.row_states import RowState
from alerts.wording.wording import HEADINGS
from policies.company_facts.match_service import MatchService
from policies.company_facts.wording import facts_in_words
from policies.knowledge import Knowledge
from policies.windows.application_windows import Windows
from storage.clock import SHANGHAI
from subscriptions.directory import Members, Profile, Record
from subscriptions.handoff import ConversationLine, Handoffs
from subscriptions.members.preference_lines import quiet
from subscriptions.members.preferences import DIGEST_NAMES
from subscriptions.privacy.export import CHANGE_NAMES, ExportedChange
from subscriptions.profiles.profiles import Profiles

WAYS: Mapping[str, str] = {
    "chat": "对话",
    "page": "网页",
    "scan": "扫码",
    "import": "导入",
    "console": "工作人员",
    "company": "随企业",
}
OUTCOMES: Mapping[RowState, str] = {
    RowState.PENDING: "待发送",
    RowState.CLAIMED: "待发送",
    RowState.TRYING: "发送中",
    RowState.SENT: "已发送",
    RowState.DELIVERED: "已送达",
    RowState.ACCEPTED: "已发送",
    RowState.INBOX: "存入“我的提醒”",
    RowState.FAILED: "未能送达",
    RowState.SKIPPED: "未发送",
    RowState.UNREACHABLE: "未能送达",
    RowState.UNKNOWN: "可能已送达",
}


class Sources(Protocol):
    """The places that hold a member's data."""

    @property
    def knowledge(self) -> Knowledge:
        """The names of tracks."""

    @property
    def members(self) -> Members:
        """Profile, tracks and changes."""

    @property
    def alerts(self) -> MemberAlerts:
        """Return what was sent to them."""

    @property
    def windows(self) -> Windows:
        """Return what they applied for."""

    @property
    def profiles(self) -> Profiles:
        """Return what they told about their company."""

    @property
    def matching(self) -> MatchService:
        """Return the names of the facts."""

    @property
    def handoffs(self) -> Handoffs:
        """Return what they wrote to a person."""


@dataclass(frozen=True, slots=True)
class OwnCopy:
    """The data about a member apart from their profile."""

    profile: Profile
    tracks: tuple[str, ...]
    topics: tuple[str, ...]
    record: Record
    alerts: list[MadeFor]
    applied: list[str]
    said: list[ConversationLine]
    company_facts: dict[str, str]
    profile_alerts: bool


async def own_copy(sources: Sources, profile: Profile) -> OwnCopy:
    """Gather the copy.

    Raises:
        sqlalchemy.exc.NoResultFound: the member was erased meanwhile.
    """
    windows = [
        await sources.windows.get(window) for window in await sources.alerts.applied_windows(profile.id)
    ]
    kept = await sources.profiles.of_member(profile.id)
    return OwnCopy(
        profile,
        tuple(
            published_track_names(sources.knowledge).name(track)
            for track in await sources.members.tracks(profile.id)
        ),
        tuple(
            topic_name(topic, sources.knowledge.index.library)
            for topic in await sources.members.topics(profile.id)
        ),
        await sources.members.record(profile.id),
        await sources.alerts.member_history(profile.id),
        [window.title for window in windows if window is not None],
        await sources.handoffs.all_lines(profile.id),
        facts_in_words(sources.matching.facts, kept.facts) if kept else {},
        kept is not None and kept.alerts,
    )


async def as_file(sources: Sources, profile: Profile) -> dict[str, object]:
    """Return the whole copy, for a program and a person to read; times are Asia/Shanghai."""
    held, names = await own_copy(sources, profile), published_track_names(sources.knowledge)
    openids = await sources.members.openids([profile.id])
    preferences, binding = profile.preferences, profile.binding
    return {
        "openid": openids.get(profile.id),
        "关注时间": _moment(held.record.followed_at),
        "订阅的赛道": list(held.tracks),
        "订阅的条款、部门和问题": list(held.topics),
        "提前天数": list(preferences.effective_lead_days),
        "免打扰": quiet(preferences),
        "发送方式": DIGEST_NAMES[preferences.digest],
        "接收通用政策": preferences.general,
        "接收公告": preferences.announcements,
        "周末也接收": preferences.weekends,
        "只收截止提醒": preferences.deadlines_only,
        "暂停到": preferences.paused_until.isoformat() if preferences.paused_until else None,
        "企业": binding
        and {"名称": binding.name, "统一社会信用代码": binding.uscc, "已确认": binding.confirmed},
        "订阅通知授权": {template: count.remaining for template, count in held.record.grants.items()},
        "订阅变更": [
            {
                "时间": _moment(change.at),
                "赛道": names.name(change.track_id),
                "变更": CHANGE_NAMES[change.action],
                "方式": WAYS.get(change.source, change.source),
            }
            for change in held.record.changes
        ],
        "提醒": [
            {
                "时间": _moment(alert.at),
                "类别": HEADINGS[alert.kind],
                "标题": alert.title,
                "结果": OUTCOMES[alert.state],
                "渠道": alert.channel and Channel(alert.channel).label,
            }
            for alert in held.alerts
        ],
        "已申报的项目": held.applied,
        "公司情况": held.company_facts,
        "按公司情况提醒": held.profile_alerts,
        "人工对话": [
            {"时间": _moment(line.at), "发言": "工作人员" if line.author else "本人", "内容": line.content}
            for line in held.said
        ],
    }


def change_line(change: ExportedChange, track: str) -> str:
    """2026-03-02 订阅 养老服务（对话）"""
    return (
        f"{_day(change.at)} {CHANGE_NAMES[change.action]} {track}（{WAYS.get(change.source, change.source)}）"
    )


def alert_line(alert: MadeFor) -> str:
    """2026-03-02 申报提醒：技改奖补申报（已送达）"""
    return f"{_day(alert.at)} {HEADINGS[alert.kind]}：{alert.title}（{OUTCOMES[alert.state]}）"


def _day(at: datetime) -> str:
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d}"


def _moment(at: datetime) -> str:
    return at.astimezone(SHANGHAI).isoformat(timespec="seconds")
