"""A call that is repeated under its `Idempotency-Key` acts once; the first answer is given again."""

import hashlib
import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

from pydantic import BaseModel
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from console.api.endpoints import ApiProblem, ApiRequest
from console.tables import RememberedAnswer
from storage.clock import system_clock

_REMEMBERED = timedelta(days=1)
"""How long an answer is given again. Programs repeat a call within minutes."""
_IDEMPOTENCY_KEY = re.compile(r"[!-~]{1,128}")
_Model = TypeVar("_Model", bound=BaseModel)


async def answer_once(
    call: ApiRequest, model: type[_Model], make: Callable[[AsyncSession, ApiRequest], Awaitable[_Model]]
) -> _Model:
    """Run `make` for the first call under its key; the same request within a day gets the first answer again.

    Args:
        call: carries the `Idempotency-Key` header, 1 to 128 visible ASCII characters.
        model: of the answer.
        make: does the work in the transaction that keeps the answer.

    Raises:
        ApiProblem: 400 the key is missing; 409 the key was used for another request.
    """
    key = call.request.headers.get("Idempotency-Key", "")
    if not _IDEMPOTENCY_KEY.fullmatch(key):
        raise ApiProblem(
            400, "idempotency_key_missing", "请带上 Idempotency-Key 请求头（1–128 个可见 ASCII 字符）。"
        )
    digest, now = hashlib.sha256(call.raw_body).hexdigest(), system_clock()
    try:
        async with call.desk.database.write() as session:
            await session.execute(delete(RememberedAnswer).where(RememberedAnswer.at < now - _REMEMBERED))
            remembered = await session.get(RememberedAnswer, (call.holder.id, key))
            if remembered is not None:
                return _answer_again(remembered, digest, model)
            answer = await make(session, call)
            session.add(
                RememberedAnswer(
                    api_key_id=call.holder.id,
                    idempotency_key=key,
                    request_hash=digest,
                    status=201,
                    body=answer.model_dump(mode="json"),
                    at=now,
                )
            )
        return answer
    except IntegrityError:  # the same key at the same moment: the other call was first
        async with call.desk.database.read() as session:
            return _answer_again(
                await session.get_one(RememberedAnswer, (call.holder.id, key)), digest, model
            )


def _answer_again(remembered: RememberedAnswer, digest: str, model: type[_Model]) -> _Model:
    if remembered.request_hash != digest:
        raise ApiProblem(409, "idempotency_key_reused", "这个 Idempotency-Key 已用于另一个请求，请换一个。")
    return model.model_validate(remembered.body)
