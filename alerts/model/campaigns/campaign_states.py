"""The states of a campaign, the actions between them, and why an action is refused."""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple


class Status(StrEnum):
    """Where a campaign stands; the names are part of the API."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    SCHEDULED = "scheduled"
    SENDING = "sending"
    PAUSED = "paused"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


class CampaignAction(StrEnum):
    """What can be done to a campaign."""

    SUBMIT = "submit"
    APPROVE = "approve"
    RETURN = "return"
    """Back to its authors, to be changed and submitted again."""
    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    CANCEL = "cancel"
    FINISH = "finish"
    FAIL = "fail"
    REOPEN = "reopen"
    """Rows are tried again after the campaign was done."""


class CampaignMove(NamedTuple):
    """The move that an action makes.

    Attributes:
        before: the states that allow it.
        after: the state it leads to.
        unlisted: the state it leads to if the recipients are not listed yet; None: the same state.
    """

    before: frozenset[Status]
    after: Status
    unlisted: Status | None = None


MOVES: Mapping[CampaignAction, CampaignMove] = {
    CampaignAction.SUBMIT: CampaignMove(frozenset({Status.DRAFT}), Status.SUBMITTED),
    CampaignAction.APPROVE: CampaignMove(frozenset({Status.SUBMITTED}), Status.SCHEDULED),
    CampaignAction.RETURN: CampaignMove(frozenset({Status.SUBMITTED}), Status.DRAFT),
    CampaignAction.START: CampaignMove(frozenset({Status.SCHEDULED}), Status.SENDING),
    CampaignAction.PAUSE: CampaignMove(frozenset({Status.SCHEDULED, Status.SENDING}), Status.PAUSED),
    CampaignAction.RESUME: CampaignMove(
        frozenset({Status.PAUSED}), Status.SENDING, unlisted=Status.SCHEDULED
    ),
    CampaignAction.CANCEL: CampaignMove(
        frozenset(Status) - {Status.DONE, Status.CANCELLED}, Status.CANCELLED
    ),
    CampaignAction.FINISH: CampaignMove(frozenset({Status.SENDING}), Status.DONE),
    # WeChat may report that a mass send failed after it took it.
    CampaignAction.FAIL: CampaignMove(
        frozenset({Status.SCHEDULED, Status.SENDING, Status.DONE}), Status.FAILED
    ),
    CampaignAction.REOPEN: CampaignMove(frozenset({Status.DONE, Status.FAILED}), Status.SENDING),
}
"""Every way in which a campaign's state changes. `act` and `act_on_all` of `alerts.model.campaigns.moves` read it, and
nothing else changes a state. START, FINISH, and REOPEN after a refusal are the scheduler's
(`alerts.scheduling.campaign_progress`).
"""


class CampaignError(Exception):
    """An action on a campaign was refused; the message is a Chinese sentence for the operator."""


class NoSuchCampaignError(CampaignError):
    """No campaign has this id."""

    def __init__(self, campaign_id: int) -> None:
        super().__init__(f"没有编号为 {campaign_id} 的推送。")


class WrongStatusError(CampaignError):
    """The campaign's state does not allow the action; `status` is the state it is in."""

    def __init__(self, action: CampaignAction, status: Status) -> None:
        self.action, self.status = action, status
        super().__init__(f"推送当前状态为“{STATUS_NAMES[status]}”，不能{ACTION_NAMES[action]}。")


class OwnApprovalError(CampaignError):
    """Who wrote or submitted a campaign may not approve it."""

    def __init__(self) -> None:
        super().__init__("撰写人和提交人不能审批自己的推送，请由另一位同事审批。")


class ChangedCampaignError(CampaignError):
    """The campaign's text was saved since it was looked at."""

    def __init__(self) -> None:
        super().__init__("内容在您查看之后有改动，请重新核对。")


class LateCampaignError(CampaignError):
    """The last hour of a campaign has passed before it was approved."""

    def __init__(self) -> None:
        super().__init__("已过最晚发送时间，请先修改最晚发送时间。")


class PassedCampaignError(CampaignError):
    """The time to send passed more than a day before the campaign was submitted or approved."""

    def __init__(self) -> None:
        super().__init__("发送时间已过去一天以上，请先修改发送时间。")


STATUS_NAMES: Mapping[Status, str] = {
    Status.DRAFT: "草稿",
    Status.SUBMITTED: "待审批",
    Status.SCHEDULED: "待发送",
    Status.SENDING: "发送中",
    Status.PAUSED: "已暂停",
    Status.DONE: "已完成",
    Status.CANCELLED: "已取消",
    Status.FAILED: "已失败",
}
ACTION_NAMES: Mapping[CampaignAction, str] = {
    CampaignAction.SUBMIT: "提交",
    CampaignAction.APPROVE: "审批",
    CampaignAction.RETURN: "退回",
    CampaignAction.START: "开始",
    CampaignAction.PAUSE: "暂停",
    CampaignAction.RESUME: "继续",
    CampaignAction.CANCEL: "取消",
    CampaignAction.FINISH: "结束",
    CampaignAction.FAIL: "标记失败",
    CampaignAction.REOPEN: "重试",
}
