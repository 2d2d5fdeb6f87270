"""Fewer messages, or messages again, in English words of any order (too many messages, stop please). Pure."""

import re

_WORD = re.compile(r"[a-z]+|\d+")
_APOSTROPHE = re.compile(r"['’]")
_TOGETHER = (
    (
        re.compile(
            r"\b(?:dont|do not|never) (?:\w+ )?(?:stop|pause)\b"
            r"|\b(?:turn|switch|put|start|get) (?:\w+ ){0,2}?(?:back )?on\b|\bback on\b|\bstart (?:\w+ )?again\b"
        ),
        "resume",
    ),
    (
        re.compile(
            r"\b(?:turn|switch) (?:\w+ ){0,2}?off\b"
            r"|\b(?:dont|do not|never|not) (?:\w+ ){0,2}?(?:send|text|message|notify|bother)\b"
        ),
        "stop",
    ),
    (re.compile(r"\bno more\b|\b(?:dont|do not) (?:\w+ ){0,2}?(?:want|need)\b"), "unwanted"),
    (re.compile(r"\btoo (?:many|much|often)\b|\bso many\b|\benough\b"), "fewer"),
    (re.compile(r"\bopt (?:me )?out\b"), "leave"),
)
"""Words that mean something together only."""
_KINDS = tuple(
    (kind, re.compile(words))
    for kind, words in (
        ("resume", r"resume|restart|unmute|unpause|reactivate"),
        ("stop", r"stop|mute|silence|cease|disable"),
        ("pause", r"pause|snooze"),
        ("fewer", r"fewer|less|reduce|spam"),
        ("leave", r"unsub(?:scribe)?"),
        ("drop", r"remove|cancel"),
        ("unwanted", r"no|quit|kill"),
        ("all", r"all|everything|every"),
        (
            "things",
            r"(?:message|msg|alert|notification|reminder|notice|text|push|update)(?:e?s)?|spam|sms|stuff|sending"
            r"|messaging|texting|notifying|pushing",
        ),
        ("night", r"nights?|nighttime|evenings?|late|bedtime|pm"),
        ("weekend", r"weekends?|saturdays?|sundays?"),
        ("once", r"once|weekly|daily|digest"),
        ("time", r"(?:week|day|month)s?|weekly|daily|today|tomorrow|while|bit|moment"),
        ("denied", r"not|never|dont|no|off"),
    )
)
_SPEECH = re.compile(
    r"i|id|ill|im|way|bothering|me|my|you|your|u|we|us|to|the|an?|of|for|from|please|pls|plz|thanks?|thx|ok(?:ay)?|and|but|so|just|now|can|could|would|will|want"
    r"|wanna|need|like|get(?:ting)?|send(?:ing)?|sent|receive|it|that|this|these|those|them|any|anything|some|with|in|at|already|right|very"
    r"|really|after|during|on|only|per|instead|every|each|bother|notify|hi|hello|hey|again|back|out|up|one|two|three|be|have|been|are|is|am|such|sorry|do|\d{1,2}"
)
_OWN = re.compile(
    r"turn|switch|put|on|off|start|more|no|dont|not|never|too|many|much|often|enough|opt|bother|notify"
)
"""Words of these patterns that are known nowhere else."""
_UNWANTED = frozenset({"stop", "pause", "unwanted", "denied", "fewer"})
_HOUR = re.compile(r"\bafter (\d{1,2}) ?pm\b")
_DAYS = {"day": 1, "week": 7, "month": 30}
_NUMBERS = {"two": 2, "three": 3}
_LONGEST = 80


def wish_meant(text: str) -> str:
    """The Chinese words that say the same (停止推送, 暂停 7 天, 恢复推送); "" where the message has any other word."""
    plain = " ".join(_WORD.findall(_APOSTROPHE.sub("", text.lower()))) if len(text) <= _LONGEST else ""
    said: set[str] = set()
    rest = plain
    for pattern, kind in _TOGETHER:
        if pattern.search(rest):
            said.add(kind)
            rest = pattern.sub(_without_things, rest)
    for word in rest.split():
        kinds = [kind for kind, words in _KINDS if words.fullmatch(word)]
        if not kinds and not _SPEECH.fullmatch(word):
            return ""
        said.update(kinds)
    return _meant(said, plain)


def _without_things(found: re.Match[str]) -> str:
    """The words inside 'turn … off', which still have to be known."""
    return " ".join(word for word in found[0].split() if not _OWN.fullmatch(word))


def _meant(said: set[str], plain: str) -> str:
    if "leave" in said:
        return "全部退订" if "all" in said else "停止推送" if "things" in said else ""
    if "drop" in said:
        return "少发一点" if "things" in said else ""
    if "resume" in said:
        return "恢复推送"
    if said & _UNWANTED and said & {"night", "weekend"}:
        return "周末别发" if "weekend" in said else _nights(plain)
    if "once" in said and "time" in said:
        return _rhythm(said, plain)
    if "pause" in said or ("stop" in said and "time" in said):
        return f"暂停{_span(plain)}天"
    if "stop" in said or {"unwanted", "things"} <= said:
        return "停止推送"
    return "少发一点" if "fewer" in said else ""


def _rhythm(said: set[str], plain: str) -> str:
    """How often messages may come; where that is denied (no daily messages), or is none that can be set, the ways."""
    if said & {"stop", "unwanted", "denied"} or "month" in plain:
        return "少发一点"
    return "每天汇总" if re.search(r"\bda(?:y|ily)\b", plain) else "每周汇总"


def _nights(plain: str) -> str:
    """No messages at night, from the hour that is named."""
    hour = _HOUR.search(plain)
    return f"晚上{hour[1]}点以后别发" if hour else "晚上别发"


def _span(plain: str) -> int:
    found = re.search(r"\b(\d{1,2}|two|three)? ?(day|week|month)s?\b", plain)
    if found is None:
        return _DAYS["month"]
    number = found[1] or "1"
    return _DAYS[found[2]] * (_NUMBERS.get(number) or int(number))
