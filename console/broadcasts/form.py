"""A broadcast as a form: what an operator types, what is wrong with it, and what it asks for. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError

from alerts.model.channel import Channel
from alerts.model.content import Content
from alerts.model.tables import Campaign
from console.approval import merging
from console.approval.comparing import FieldChange
from console.services.broadcast_drafts import Draft
from console.services.broadcast_text import Body, ChosenChannel, Link, Title
from console.web.typed_values import is_plausible_year
from storage.clock import SHANGHAI

AUTO = "auto"
_NAMES = ("title", "body", "url", "channel", "audience", "clause", "send_at", "last_at")
_CHECKS: tuple[tuple[str, Any, str], ...] = (
    ("title", Title, "标题为 1–64 个字，不能换行，也不能只有空白"),
    ("body", Body, "正文为 1–600 个字"),
    ("url", Link, "链接应为完整网址，以 http:// 或 https:// 开头，不超过 1000 个字符"),
    ("channel", ChosenChannel, "没有这种渠道，请重新选择"),
    ("audience", Literal["everyone", "tracks", "fits"], "请选择发给谁"),
)
_MOST_CHARACTERS = {"title": 64, "body": 600}
_MOMENT = "{}应如 2026-12-01T09:00"


@dataclass(frozen=True, slots=True)
class BroadcastForm:
    """The fields as text, and the tracks that are ticked."""

    values: dict[str, str] = field(default_factory=lambda: {"channel": AUTO, "audience": "tracks"})
    tracks: tuple[str, ...] = ()

    @classmethod
    def posted(cls, form: Any) -> "BroadcastForm":
        """Return the form as a browser sent it; `form` is a multi-dict."""
        values = {name: str(form.get(name, "")).replace("\r\n", "\n").strip() for name in _NAMES}
        return cls(values, tuple(str(track) for track in form.getall("tracks", [])))

    @classmethod
    def of(cls, campaign: Campaign) -> "BroadcastForm":
        """Return the form that makes such a broadcast."""
        content = Content.model_validate(campaign.content)
        return cls(
            {
                "title": content.title,
                "body": content.body,
                "url": content.url,
                "channel": campaign.channel,
                "audience": _audience(campaign.audience),
                "clause": str(campaign.audience.get("fits") or ""),
                "send_at": _local(campaign.send_at),
                "last_at": _local(campaign.last_at),
            },
            tuple(campaign.audience.get("tracks", ())),
        )

    @property
    def everyone(self) -> bool:
        return self.values.get("audience") == "everyone"

    @property
    def fits(self) -> int | None:
        """Return the clause that profiles must fit; None for another audience."""
        clause = self.values.get("clause", "")
        chosen = self.values.get("audience") == "fits" and clause.isascii() and clause.isdecimal()
        return int(clause[:9]) if chosen else None

    def without_times(self) -> "BroadcastForm":
        """Return the form for another broadcast: the same words, without the times."""
        return replace(self, values=self.values | {"send_at": "", "last_at": ""})

    def problems(self) -> dict[str, str]:
        """Return what is wrong, by field."""
        found = {}
        for name, kind, said in _CHECKS:
            if name == "url" and not self.values[name]:
                continue
            try:
                TypeAdapter(kind).validate_python(self.values[name])
            except ValidationError:
                most = _MOST_CHARACTERS.get(name, len(self.values[name]))
                over = len(self.values[name]) > most
                found[name] = f"{said}，现在有 {len(self.values[name])} 个字，请删减" if over else said
        clause = self.values.get("clause", "")
        if clause and not (clause.isascii() and clause.isdecimal()):
            found["clause"] = "请从列表中选择一条"
        if self.values.get("audience") == "fits":
            if self.fits is None:
                found["clause"] = "请选择按哪一条的条件发送"
        elif not self.everyone and not self.tracks:
            found["tracks"] = "请至少选择一个赛道，或改为全部关注者"
        for name, label in (("send_at", "发送时间"), ("last_at", "最晚发送")):
            try:
                _moment(self.values[name])
            except ValueError:
                found[name] = _MOMENT.format(label)
        return found

    def begins(self, now: datetime) -> datetime:
        """Return when it begins to go out if it is approved now. An unreadable or past time counts as now."""
        try:
            return max(_moment(self.values.get("send_at", "")) or now, now)
        except ValueError:
            return now

    def draft(self) -> Draft:
        """Return the requested broadcast. Call it only if there is no problem."""
        values = self.values
        return Draft(
            title=values["title"],
            body=values["body"],
            url=values["url"],
            channel=values["channel"],
            everyone=self.everyone,
            tracks=() if self.everyone or self.fits is not None else self.tracks,
            fits=self.fits,
            send_at=_moment(values["send_at"]),
            last_at=_moment(values["last_at"]),
        )

    @property
    def begun(self) -> str:
        """Return the hidden field of a form that shows this broadcast. It shows later which fields were changed."""
        return merging.digests(self._texts({}))

    def differing(self, theirs: "BroadcastForm", begun: str, tracks: Mapping[str, str]) -> list[FieldChange]:
        """List the fields that this author changed and whose text differs from the other author's (`merging.differing`).

        Args:
            theirs: the broadcast as it is now.
            begun: the digests of the opened form. "": every field counts as changed here.
            tracks: names of the tracks by id.
        """
        changed = merging.changed_fields(self._texts({}), begun)
        return merging.differing(self._texts(tracks), theirs._texts(tracks), changed)

    def merged(
        self, theirs: "BroadcastForm", begun: str, choices: Mapping[str, Any]
    ) -> "BroadcastForm | None":
        """Return the chosen form (`merging.kept_of_mine`). None: a choice is missing."""
        kept = merging.kept_of_mine(self.differing(theirs, begun, {}), choices)
        if kept is None:
            return None
        values = {name: (self if name in kept else theirs).values[name] for name in _NAMES}
        return BroadcastForm(values, (self if "audience" in kept else theirs).tracks)

    def sent(self) -> list[tuple[str, str]]:
        """Return the form as a browser would send it, for hidden fields."""
        return [*self.values.items(), *(("tracks", track) for track in self.tracks)]

    def _texts(self, names: Mapping[str, str]) -> dict[str, str]:
        people = "、".join(names.get(track, track) for track in sorted(self.tracks))
        if self.fits is not None:
            people = "公司情况与所选条款对得上的成员"
        channel = self.values.get("channel", "")
        return self.values | {
            "audience": "全部关注者" if self.everyone else people,
            "channel": Channel(channel).label if channel in set(Channel) else "自动选择",
        }


def _moment(value: str) -> datetime | None:
    """Return a moment in Asia/Shanghai; None for "". Raises ValueError for other text, or a year before 2000 or after 2199."""
    if not value:
        return None
    moment = datetime.fromisoformat(value).replace(tzinfo=SHANGHAI)
    if not is_plausible_year(moment):
        raise ValueError(value)
    return moment


def _audience(stored: Mapping[str, Any]) -> str:
    if stored.get("fits") is not None:
        return "fits"
    return "everyone" if stored.get("everyone") else "tracks"


def _local(value: datetime | None) -> str:
    return value.astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M") if value else ""
