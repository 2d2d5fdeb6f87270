"""How values read on the desk's pages."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from alerts.model.campaigns.campaign_states import STATUS_NAMES, Status
from alerts.model.campaigns.new_campaigns import SYSTEM
from alerts.model.channel import Channel
from console.access.roles import ROLE_NAMES, Role
from console.tables import AuditEntry
from console.web.clause_faults import beside_fields
from console.web.links import address, linked, on_the_phone
from policies.approval.columns import RevisionState
from policies.library.amounts.amount_words import in_words
from policies.library.checking import Fault
from storage.clock import SHANGHAI
from subscriptions.members.preferences import DIGEST_NAMES, Digest
from subscriptions.privacy.export import CHANGE_NAMES
from wechat.texts import web_address

STATE_NAMES = {
    RevisionState.DRAFT: "草稿",
    RevisionState.PUBLISHED: "已发布",
    RevisionState.REPLACED: "已被替换",
    RevisionState.DISCARDED: "已放弃",
}
WAY_NAMES = {
    "chat": "对话",
    "page": "设置页",
    "scan": "扫码",
    "import": "导入",
    "console": "服务台",
    "company": "企业",
}
REASON_NAMES = {"declined": "未能回答", "useless": "评价没用", "person": "要求人工"}
FIELD_NAMES = {
    "section": "部分",
    "title": "标题",
    "text": "正文",
    "basis": "依据",
    "departments": "责任单位",
    "amounts": "金额",
    "support": "支持方式",
    "tracks": "赛道",
    "audience": "适用对象",
    "keywords": "关键词",
    "valid_until": "有效期",
    "body": "正文",
    "channel": "渠道",
    "send_at": "发送时间",
    "last_at": "最晚发送",
    "role": "角色",
    "active": "启用",
    "policy_id": "条款",
    "opens_on": "开始日期",
    "closes_on": "截止日期",
    "url": "链接",
    "clause": "按哪一条",
    "conditions": "条件",
    "materials": "材料",
    "steps": "流程",
    "where": "在哪办",
    "phone": "电话",
    "checked_on": "核对日期",
    "preamble": "前言",
    "source": "来源",
    "contact": "查询窗口",
    "sections": "分部",
    "label": "备注",
    "actor": "操作人",
    "action": "操作",
    "kind": "对象",
    "since": "从",
    "until": "到",
}
SUBJECTS = {
    "campaign": "推送 {}",
    "policy": "条款〔{}〕",
    "operator": "账号 {}",
    "api_key": "密钥 {}",
    "member": "成员 {}",
    "company": "企业 {}",
    "hand_over": "对话 {}",
    "lesson": "词语 {}",
    "window": "申报期",
    "guide": "办理指南 {}",
    "edition": "文件导入",
    "document": "文件 {}",
    "tracks": "赛道名单",
    "subscribers": "全部订阅者",
    "outgoing": "所有推送",
    "question": "问题 {}",
    "tester": "测试接收人 成员 {}",
    "audit": "审计记录",
    "district": "本区资料",
}
"""What an audit entry is about, by its kind."""
SUBJECT_KINDS = {
    "policy": "条款与申报期",
    "edition": "文件导入",
    "document": "文件",
    "campaign": "推送与公告",
    "outgoing": "全局暂停",
    "window": "申报期导入",
    "guide": "办理指南",
    "question": "问题",
    "member": "成员",
    "company": "企业",
    "hand_over": "人工对话",
    "subscribers": "订阅者名单",
    "tester": "测试接收人",
    "district": "本区资料",
    "operator": "账号",
    "api_key": "接口密钥",
    "audit": "审计",
}
"""The kinds to choose from."""


def moment(value: datetime | None) -> str:
    """Return an instant in Asia/Shanghai, to the minute; — if there is none."""
    return value.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M") if value else "—"


def maker(name: str) -> str:
    """Return who made a campaign: an operator's name, or which program."""
    return "系统" if name == SYSTEM else name


def fields(values: Mapping[str, Any] | None) -> str:
    """Return fields of an audit entry on one line, in the desk's words."""
    return "；".join(f"{field_name(name)}：{_value(name, value)}" for name, value in (values or {}).items())


def _value(name: str, value: Any) -> str:
    if value in (None, ""):
        return "—"
    if isinstance(value, bool):
        return "是" if value else "否"
    match name:
        case "状态" if value in set(Status):
            return STATUS_NAMES[Status(value)]
        case "channel":
            return channel_name(value) if value in set(Channel) else "自动选择"
        case "role" if value in set(Role):
            return ROLE_NAMES[Role(value)]
        case "改动":
            return "、".join(map(field_name, str(value).split("、")))
    return str(value)


def subject(entry: AuditEntry) -> str:
    """Return what an audit entry is about."""
    return SUBJECTS.get(entry.subject_kind, entry.subject_kind + " {}").format(entry.subject_id)


def state_name(state: RevisionState) -> str:
    return STATE_NAMES[state]


def field_name(name: str) -> str:
    return FIELD_NAMES.get(name, name)


def channel_name(channel: str | None) -> str:
    """Return the name of a channel; — if none was used."""
    return Channel(channel).label if channel else "—"


def change_name(action: str) -> str:
    return CHANGE_NAMES.get(action, action)


def way_name(way: str) -> str:
    return WAY_NAMES.get(way, way)


def digest_name(digest: Digest) -> str:
    return DIGEST_NAMES[digest]


def reason_name(reason: str) -> str:
    """Why a question is kept."""
    return REASON_NAMES.get(reason, reason)


def fault_name(fault: Fault) -> str:
    """Return a fault of `policies.library.checking` in the words of the form."""
    [said] = beside_fields([fault]).values()
    name = fault.field.partition("[")[0].partition(".")[0]
    where = fault.where or "文件"
    return f"{where}{'' if name == 'amounts' and said.startswith('第') else field_name(name)}：{said}"


FILTERS: Mapping[str, Callable[..., str]] = {
    "maker": maker,
    "web_address": web_address,
    "moment": moment,
    "fields": fields,
    "subject": subject,
    "in_words": in_words,
    "state_name": state_name,
    "field_name": field_name,
    "fault_name": fault_name,
    "channel_name": channel_name,
    "address": address,
    "linked": linked,
    "on_the_phone": on_the_phone,
    "change_name": change_name,
    "way_name": way_name,
    "digest_name": digest_name,
    "reason_name": reason_name,
}
