"""What wordings of acts and facts that nobody tuned on get at first contact: `python -m bench.first_contact [--list]`.

`tests/data/act-wordings.jsonl` was written before the bank (`handlers/intent_by_meaning/bank.json`): wordings with the act or the
fact that they mean, short questions with their clause, and talk to which no act fits. Each is typed by a fresh person on the
whole application, a fact after the clause that it is asked of. A wording is right where the reply is what the act's own words
get, or offers them.
"""

import argparse
import asyncio
import re
import secrets
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from bench.talk_cases import Json, as_read, load_cases
from bench.talks import Phone, enter_guides, enter_windows, town
from bot.observability.logs import set_up_logs
from bot.runtime.valkey import EmbeddedValkey
from bot.schema.migrate import upgrade
from handlers.intent_by_meaning.bank import load_bank
from sandbox.credentials import sandbox_credentials
from storage.clock import day_of
from wechat.push.crypto import AesKey

UNSEEN = Path(__file__).parents[1] / "tests" / "data" / "act-wordings.jsonl"
FOCUS = "第22条"
GUIDE: Json = {
    "policy_id": 22,
    "phone": "0532-00000001",
    "where": "区政务中心3楼",
    "materials": ["申报书", "设备发票"],
    "conditions": "设备投资200万元以上",
    "steps": "网上填报，再由部门审核",
    "url": "https://example.invalid/g22",
}
WINDOW: Json = {"policy_id": 22, "opens_on": "-3d", "closes_on": "+9d", "title": "设备补助申报"}
ASKED_OUTRIGHT = {
    "office": ("归哪个部门管",),
    "phone": ("电话多少",),
    "place": ("地址在哪", "去哪里办"),
    "entry": ("在哪申报", "申报网址"),
    "materials": ("要什么材料",),
    "conditions": ("什么条件",),
    "fit": ("我们符合吗", "什么条件"),
    "steps": ("怎么申请",),
    "time": ("什么时候截止", "还有几天"),
    "opens": ("什么时候开始申报", "什么时候截止"),
    "basis": ("依据是什么",),
    "amount": ("能补多少",),
    "validity": ("还有效吗", "有效期到什么时候"),
    "force": ("什么时候施行",),
    "payout": ("多久到账",),
    "page": ("网页链接", "网址"),
    "whole": ("全文", "第22条"),
    "brief": ("简单说说",),
    "together": ("能叠加享受吗",),
    "changes": ("跟去年有什么变化",),
    "use": ("钱能用在哪",),
    "hours": ("几点上班",),
}
"""How a fact is asked for in words that are surely read."""
_TAPPED = re.compile(r"msgmenucontent=([^&\"]+)&")


async def measure(cases: list[Json], folder: Path) -> list[tuple[Json, bool, str]]:
    """Each case, whether its reply is right, and the reply. A question's clause must stand first; of talk no act is made."""
    database_url = f"sqlite+aiosqlite:///{folder / 'bot.db'}"
    await asyncio.to_thread(upgrade, database_url)
    with EmbeddedValkey(folder / "valkey") as valkey:
        async with town(folder, database_url, valkey.url) as (services, conversation, web):
            today = day_of(services.clock())
            await enter_windows([WINDOW], conversation, today)
            await enter_guides([GUIDE], services, conversation, today)
            account = sandbox_credentials(services.secret)

            async def says(text: str, *, of_clause: bool = False) -> str:
                openid = f"oCONTACT_{secrets.token_hex(9)}"
                phone = Phone(web, account.token, AesKey(account.aes_key), account.app_id, openid)
                if of_clause:
                    await phone.says(FOCUS)
                return await phone.says(text)

            facts = {
                name: [await says(one, of_clause=True) for one in outright]
                for name, outright in ASKED_OUTRIGHT.items()
            }
            sends = {act.name: act.sends for act in load_bank().acts}
            own = {name: [await says(one) for one in words] for name, words in sends.items()}
            told = []
            for case in cases:
                name = case.get("act", "")
                reply = await says(case["q"], of_clause=name in facts)
                told.append((case, _is_right(case, reply, facts, sends, own), as_read(reply)))
            return told


def _is_right(case: Json, reply: str, facts: Any, sends: Any, own: Any) -> bool:
    name = case.get("act", "")
    if name in facts:
        return any(_holds(reply, wanted) for wanted in facts[name])
    if name:
        offered = set(map(unquote, _TAPPED.findall(reply))) if "您是想" in reply else set()
        return _plain(reply) in map(_plain, own[name]) or bool(offered.intersection(sends[name]))
    if "clause" in case:
        first = re.search(r"第(\d+)条", as_read(reply))
        return first is not None and int(first[1]) == case["clause"]
    return (
        not any(_plain(reply) == _plain(one) for replies in own.values() for one in replies)
        and "您是想" not in reply
    )


def _holds(reply: str, wanted: str) -> bool:
    """Whether a reply has all lines of another but its first, which names the clause."""
    lines = [line for line in as_read(wanted).splitlines()[1:] if line.strip()]
    return bool(lines) and all(line in as_read(reply) for line in lines[:2])


def _plain(reply: str) -> str:
    return re.sub(r"\W|\d", "", as_read(reply))[:80]


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--list", action="store_true", help="print what is not right, with the reply")
    asked = arguments.parse_args()
    set_up_logs("error")
    with tempfile.TemporaryDirectory(prefix="contact") as folder:
        told = asyncio.run(measure(load_cases(UNSEEN), Path(folder)))
    counted: Counter[str] = Counter()
    for case, right, reply in told:
        kind = "wording" if "act" in case else "question" if "clause" in case else "talk"
        counted[kind] += 1
        counted[f"{kind} right"] += right
        if asked.list and not right:
            print(
                case["id"],
                case.get("act") or case.get("clause") or "",
                case["q"],
                "|",
                reply.replace("\n", " / ")[:160],
            )
    for kind in ("wording", "question", "talk"):
        print(kind, counted[f"{kind} right"], "of", counted[kind])


if __name__ == "__main__":
    main()
