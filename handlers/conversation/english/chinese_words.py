"""Puts English messages into the Chinese words that the rest of the bot reads: a command or a question.

It knows the names of what clauses support (`policies/data/english_names.txt`). The clauses are Chinese, and an answer
to an English question says so.
"""

import re
from pathlib import Path

from handlers.conversation.english.wishes import left_meant, wish_meant
from policies.search.words.pattern_files import read_patterns

NAMES_FILE = Path(__file__).parents[3] / "policies" / "data" / "english_names.txt"

NOTE = "The clauses are in Chinese. For a person please reply 人工."
NO_ANSWER = (
    "Sorry, I could not match that. I answer from the policy clauses, in Chinese. "
    "Try a clause number (No. 22), a topic in Chinese, or reply 人工 for a person.\n"
    "这里没有收录与此对应的内容；可以用中文说政策名称或条号，回复“人工”由工作人员回答。"
)
NEAREST = "The nearest clauses (in Chinese):"
_ENGLISH = re.compile(r"[\x00-\x7f]{2,200}")
_WORDS = re.compile(r"[A-Za-z]{2,}")
_LETTERS = re.compile(r"[a-z]{2}")
_SPOKEN = re.compile(r"[aeiou]|[a-z]{2}y")
"""A vowel. Letters without one are no word, but may be initials of Chinese words."""
_NAMES = tuple(
    (term, chinese)
    for chinese, _, term in (line.partition(" = ") for line in read_patterns(NAMES_FILE)["names"])
)
"""What clauses support."""
_OTHER_TERMS: tuple[tuple[str, str], ...] = (
    (r"(?:clause|article|policy|no\.?|number|item) ?#?(\d{1,3})", r"第\1条"),
    (
        r"how long (?:until|till|before) (?:we|i|it) (?:gets?|are|is|receive) (?:\w+ )?(?:paid|money|payment)"
        r"|when (?:do|will|does) (?:we|i|it) (?:gets?|receive|be) (?:the |our |my )?(?:money|paid|payment)",
        "多久到账",
    ),
    (r"(?:the )?first one", "第一个"),
    (r"(?:the )?second one", "第二个"),
    (r"(?:the )?third one", "第三个"),
    (r"(?:the )?last one", "最后一个"),
    (r"(?:the )?next one", "下一个"),
    (r"(?:the )?(?:other|remaining) one", "另一个"),
    (
        r"deadlines?|when does it (?:close|end|open)|closing date|(?:is (?:it|this) )?(?:still|already) (?:open|closed)"
        r"|is it (?:open|closed)"
        r"|how (?:many days|long) (?:left|until)",
        "什么时候截止",
    ),
    (
        r"how long is it valid|valid(?:ity)?(?: until| till| period)?|(?:until when|when does it) expires?|expir\w{1,5}",
        "有效期",
    ),
    (r"who (?:do|should|can|shall) (?:i|we) (?:call|contact|ask|talk to|phone)|hot ?line", "电话"),
    (
        r"where (?:do|can|should|shall) (?:i|we) (?:submit|go|hand (?:it|them) in|file|apply|send (?:it|them))",
        "地址",
    ),
    (
        r"(?:which|what) (?:bureau|office|agency|authority)|who (?:handles|manages|runs) (?:it|this)",
        "哪个部门",
    ),
    (
        r"(?:who|what companies) can apply|requirements?|conditions?|criteria|eligib\w{1,6}|do we qualify",
        "什么条件",
    ),
    (r"what else|anything else|any others?|others?", "还有别的吗"),
    (r"foreign(?:[ -](?:owned|invested))?(?: compan(?:y|ies)| firms?| enterprises?)?", "外资企业"),
    (r"second time|again|re-?certif\w{1,9}|renewals?", "再次认定的呢"),
    (r"first time", "首次认定的呢"),
    (r"phone(?: number)?|telephone|contact number", "电话"),
    (r"address|where (?:to apply|is it|do i apply)", "地址"),
    (r"apply online|online application|website|link|portal", "网址"),
    (r"(?:how much )?at most|max(?:imum)?|how high|upper limit|ceiling|(?<!market )caps?", "最高多少"),
    (r"docs|papers|documents?(?: needed| required)?", "材料"),
    (r"how (?:to|do i|can i|do we|can we) (?:apply|get it)", "怎么申请"),
    (r"(?:which|what) department|who is (?:in charge|responsible)", "哪个部门"),
    (r"how much|amount", "补多少"),
    (r"(?:what(?:'s| is| can i| can we)?|anything) (?:open(?: now)?|apply for(?: now)?)", "现在能申报什么"),
)
"""Clauses by number, places in a list, facts of a clause."""
_TERMS = (*_NAMES, *_OTHER_TERMS)
_AMONG_CHINESE: tuple[tuple[str, str], ...] = (
    (r"subsid(?:y|ies)|grants?|funding", "补贴"),
    (r"which|what", "哪个"),
    (r"departments?", "部门"),
    (r"please|pls|hi|hello|hey|the|of|for", ""),
    (r"appl(?:y|ication)", "申请"),
    (r"deadline", "什么时候截止"),
)
"""English words that people put into a Chinese sentence."""
_FACT_WORDS = frozenset(
    {
        "有效期",
        "多久到账",
        "什么条件",
        "什么时候截止",
        "电话",
        "地址",
        "材料",
        "网址",
        "怎么申请",
        "哪个部门",
        "补多少",
        "最高多少",
    }
)
"""In Chinese these stand after the subject."""
_COMMANDS: tuple[tuple[str, str], ...] = (
    (
        r"(?:show |view |list |check |see |what(?:'s| is| are) )?(?:my )?subscriptions?"
        r"|(?:show |tell |list )?(?:me )?what (?:am i|do i|did i|i|i'm|i am|i have)"
        r" (?:following|follow|subscribed? to|subscribe)"
        r"(?: now| currently| at the moment| so far)?",
        "我的订阅",
    ),
    (r"(?:how (?:do i|to|can i) )?subscribe(?: me)?(?: to (?:alerts|reminders|updates))?", "订阅"),
    (
        r"(?:many )?(?:thanks?|thx|tks|ty|cheers)(?: you)?"
        r"(?: (?:a lot|a bunch|so much|very much|again|anyway|mate|for (?:your|the|all) \w{1,12}))*",
        "谢谢",
    ),
    (r"(?:drop|remove|cancel|stop|unsubscribe(?: from)?) (?:that|this|it)(?: one)?", "退订 这个"),
    (r"unsubscribe(?: me)?(?: please)?|leave|opt ?out", "退订"),
    (r"(?:take|get) me off(?: (?:the|this|your|that))?(?: (?:mailing )?list)?", "退订"),
    (
        r"(?:is there )?(?:any|some)(?:one|body)(?: i can| to| here to)? (?:speak|talk|chat) (?:to|with)"
        r"|(?:get|find|give|connect) me (?:to )?(?:a |an |some)?(?:real |live )?(?:human|person|agent|staff|one|body)"
        r"|(?:i need to |need to )?(?:talk|speak|chat) (?:to|with) "
        r"(?:(?:some|any)(?:one|body)|(?:a |an |the |your )?(?:real |live )?"
        r"(?:human|person|agent|staff|operator|representative|colleague|team))(?: real)?",
        "人工",
    ),
    (
        r"(?:know|tell me|(?:notify|ping|alert|remind|update|text|message) me"
        r"|keep me (?:posted|updated)|give me a shout)"
        r"(?: please)? (?:when|once|if|as soon as|before|whenever) "
        r"(?:it|this|that|they|there|applications?|anything|something)(?:s| is| are)?"
        r" ?(?:opens?|open|starts?|begins?|closes?|changes?|updates?|new|available|out|ready|up|anything new)?(?: up| again)?",
        "有新的就告诉我",
    ),
    (r"undo(?: that| it)?|take (?:that|it) back", "撤销"),
    (
        r"(?:stop|pause|mute)(?: all| sending)?(?: me)?(?: messages| alerts| notifications| reminders)?",
        "停止推送",
    ),
    (r"what(?:'s| is) open(?: now)?|what can (?:i|we) apply for(?: now)?", "现在能申报什么"),
    (
        r"help(?: me)?|what is this\W?|what(?:'s| is) this\W?|what can you do\W?|how does this work\W?|menu|commands|start|info",
        "帮助",
    ),
    (r"(?:settings|preferences)", "提醒设置"),
    (r"my (?:reminders|alerts)", "我的提醒"),
    (r"my data|privacy", "我的数据"),
    (r"next page|more", "下一页"),
    (r"contents|sections|table of contents", "目录"),
)
_WITH_SUBJECT = re.compile(
    r"(?P<verb>(?:un)?subscribe)(?: me)?(?: to| for| from)? (?P<what>[a-z0-9 &-]{2,40})"
)
_POLITE = re.compile(
    r"^(?:hey|hi|hello|ok|so|and|nvm|please|"
    r"i want to|i'd like to|i would like to|can you|could you|can i|how do i|how to|let me)\s+"
)
_TERM_PATTERNS = tuple((re.compile(rf"(?<![a-z])(?:{term})(?![a-z])"), chinese) for term, chinese in _TERMS)
_AMONG_PATTERNS = tuple(
    (re.compile(rf"(?<![a-z0-9])(?:{term})(?![a-z0-9])", re.IGNORECASE), chinese)
    for term, chinese in (*(one for one in _TERMS if " " in one[0] or "how" in one[0]), *_AMONG_CHINESE)
)
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_COMMAND_PATTERNS = tuple((re.compile(term), chinese) for term, chinese in _COMMANDS)


def is_english(text: str) -> bool:
    """Whether a message is in English, or at least in Latin letters. Initials such as TD and QX stand for Chinese words."""
    plain = text.lower()
    return _ENGLISH.fullmatch(text) is not None and bool(_LETTERS.search(plain) and _SPOKEN.search(plain))


def is_sentence(text: str) -> bool:
    """Whether it is surely English: at least two words. A single unknown word may be anything (asdf)."""
    return len(_WORDS.findall(text)) > 1


def act_meant(text: str) -> str:
    """Return the Chinese words of the command or reminder request that an English message makes; "" if it makes none."""
    return command_meant(text) or with_subject(text) or wish_meant(text) or left_subject(text)


def command_meant(text: str) -> str:
    """Return the Chinese command that an English message means; "" if it means none."""
    plain = _POLITE.sub("", text.lower().strip(" .,!?"))
    return next((word for pattern, word in _COMMAND_PATTERNS if pattern.fullmatch(plain)), "")


def with_subject(text: str) -> str:
    """Return the command and its subject in Chinese (subscribe to desalination → 订阅 海水淡化); "" for any other message."""
    plain = _POLITE.sub("", text.lower().strip(" .,!?"))
    found = _WITH_SUBJECT.fullmatch(plain)
    what = question_meant(found["what"]) if found is not None else ""
    return (
        f"{'退订' if found['verb'].startswith('un') else '订阅'} {what}" if found is not None and what else ""
    )


def left_subject(text: str) -> str:
    """Return the unsubscribe command for the named subject (drop the ships one → 退订 …); "" for any other message."""
    plain = text.lower()
    for pattern, chinese in _TERM_PATTERNS:
        if chinese not in _FACT_WORDS and (found := pattern.search(plain)) is not None:
            return left_meant(plain[: found.start()] + plain[found.end() :], found.expand(chinese))
    return ""


def in_chinese(text: str) -> str:
    """Put the English words of a Chinese message into Chinese (最多 how much → 最多 补多少). Others stay as they are."""
    if _CHINESE.search(text) is None or _LETTERS.search(text.lower()) is None:
        return text
    for pattern, chinese in _AMONG_PATTERNS:
        text = pattern.sub(chinese, text)
    return text


def question_meant(text: str) -> str:
    """Return the terms of an English question in Chinese, in their order; "" if there are none."""
    plain = text.lower()
    found: list[tuple[int, str]] = []
    for pattern, chinese in _TERM_PATTERNS:
        match = pattern.search(plain)
        if match is not None:
            found.append((match.start(), match.expand(chinese)))
            plain = plain[: match.start()] + " " * len(match[0]) + plain[match.end() :]
    facts = [chinese for _, chinese in sorted(found) if chinese in _FACT_WORDS]
    return "".join([chinese for _, chinese in sorted(found) if chinese not in _FACT_WORDS] + facts)
