"""Reads English requests to stop, reduce or resume messages, in any word order (too many messages, stop please). Pure."""

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
"""Words that only mean something together."""
_KINDS = tuple(
    (kind, re.compile(words))
    for kind, words in (
        ("resume", r"resume|restart|unmute|unpause|reactivate"),
        ("stop", r"stop|mute|silence|cease|disable"),
        ("pause", r"pause|snooze"),
        ("fewer", r"fewer|less|reduce|spam"),
        ("leave", r"unsub(?:scribe)?"),
        ("drop", r"remove|cancel|drop|ditch"),
        ("subscriptions", r"subscriptions?"),
        ("unwanted", r"no|quit|kill"),
        ("all", r"all|everything|every"),
        (
            "things",
            r"(?:message|msg|alert|notification|reminder|notice|text|push|update)(?:e?s)?|spam|sms|stuff|sending"
            r"|messaging|texting|notifying|pushing",
        ),
        ("night", r"nights?|nighttime|overnight|evenings?|late|bedtime|pm|quiet"),
        ("weekend", r"weekends?|saturdays?|sundays?"),
        ("once", r"once|weekly|daily|digest"),
        ("time", r"(?:week|day|month)s?|weekly|daily|today|tomorrow|while|bit|moment"),
        ("denied", r"not|never|dont|no|off"),
    )
)
_SPEECH = re.compile(
    r"i|id|ill|im|way|bothering|me|my|you|your|u|we|us|to|the|an?|of|for|from|please|pls|plz|"
    r"thanks?|thx|ok(?:ay)?|and|but|so|just|now|can|could|would|will|want|wanna|need|like|"
    r"get(?:ting)?|send(?:ing)?|sent|receive|it|that|this|these|those|them|any|anything|some|with|"
    r"in|at|already|right|very|really|after|during|on|only|per|instead|every|each|bother|notify|"
    r"hi|hello|hey|again|back|out|up|anymore|longer|between|till|until|from|"
    r"(?:mon|tues|wednes|thurs|fri)day|one|two|three|be|have|been|are|is|am|such|sorry|do|\d{1,2}"
)
_OWN = re.compile(
    r"turn|switch|put|on|off|start|more|no|dont|not|never|too|many|much|often|enough|opt|bother|notify"
)
"""Words of these patterns are known nowhere else."""
_UNWANTED = frozenset({"stop", "pause", "unwanted", "denied", "fewer"})
_HOUR = re.compile(r"\b(?:after|from|past) (\d{1,2}) ?pm\b")
_UNTIL = re.compile(r"\b(?:until|till)\b(?! \d)")
_HOURS = re.compile(r"\b(\d{1,2}) ?pm (?:to|till|until|and) (\d{1,2}) ?am\b")
_DAYS = {"day": 1, "week": 7, "month": 30}
_NUMBERS = {"two": 2, "three": 3}
_LONGEST = 80


def wish_meant(text: str) -> str:
    """Return the Chinese command (停止推送, 暂停 7 天, 恢复推送); "" if the message has any other word."""
    plain = _plain(text)
    said = _said(plain)
    return _meant(said, plain) if said is not None else ""


def left_meant(text: str, subject: str) -> str:
    """Return the Chinese command that leaves a subject (drop the ships one → 退订 …); "" if the message asks something else.

    Args:
        text: the message without the words of the subject.
        subject: the subject in Chinese.
    """
    said = _said(_plain(text))
    if said is None:
        return ""
    is_left = said & {"leave", "drop", "stop"} or {"unwanted", "things"} <= said
    return f"退订 {subject}" if is_left and not said & {"resume", "once", "night", "weekend"} else ""


def _plain(text: str) -> str:
    return " ".join(_WORD.findall(_APOSTROPHE.sub("", text.lower()))) if len(text) <= _LONGEST else ""


def _said(plain: str) -> set[str] | None:
    """Return the kinds of words of a message; None if it has any other word."""
    said: set[str] = set()
    for pattern, kind in _TOGETHER:
        if pattern.search(plain):
            said.add(kind)
            plain = pattern.sub(_without_things, plain)
    for word in plain.split():
        kinds = [kind for kind, words in _KINDS if words.fullmatch(word)]
        if not kinds and not _SPEECH.fullmatch(word):
            return None
        said.update(kinds)
    return said


def _without_things(found: re.Match[str]) -> str:
    """Drop the words inside 'turn … off'. Each of them must still be known."""
    return " ".join(word for word in found[0].split() if not _OWN.fullmatch(word))


def _meant(said: set[str], plain: str) -> str:
    if _UNTIL.search(plain):  # a day that is not read here
        return "少发一点"
    if "leave" in said:
        return "全部退订" if "all" in said else "停止推送" if "things" in said else ""
    if "drop" in said:
        return "全部退订" if {"all", "subscriptions"} <= said else "少发一点" if "things" in said else ""
    if "resume" in said:
        return "恢复推送"
    if (said & _UNWANTED and said & {"night", "weekend"}) or _HOURS.search(plain):
        return "周末别发" if "weekend" in said else _nights(plain)
    if "once" in said and "time" in said:
        return _rhythm(said, plain)
    if "pause" in said or ("stop" in said and "time" in said):
        return f"暂停{_span(plain)}天"
    if "stop" in said or {"unwanted", "things"} <= said:
        return "停止推送"
    return "少发一点" if "fewer" in said else ""


def _rhythm(said: set[str], plain: str) -> str:
    """Return the command for how often messages come. If that is denied, or is a month, offer the possible settings."""
    if said & {"stop", "unwanted", "denied"} or "month" in plain:
        return "少发一点"
    return "每天汇总" if re.search(r"\bda(?:y|ily)\b", plain) else "每周汇总"


def _nights(plain: str) -> str:
    """Return the command for no messages at night, from the named hour."""
    if hours := _HOURS.search(plain):
        return f"晚上{hours[1]}点到早上{hours[2]}点别发"
    hour = _HOUR.search(plain)
    return f"晚上{hour[1]}点以后别发" if hour else "晚上别发"


def _span(plain: str) -> int:
    found = re.search(r"\b(\d{1,2}|two|three)? ?(day|week|month)s?\b", plain)
    if found is None:
        return _DAYS["month"]
    number = found[1] or "1"
    return _DAYS[found[2]] * (_NUMBERS.get(number) or int(number))
