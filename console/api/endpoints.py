"""How an API endpoint is declared: one row from which the route, its checks and the OpenAPI document are made."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from console.access.api_keys import KeyHolder
from console.access.roles import Role
from console.services.desk import Desk
from storage.sql.base import LARGEST_INTEGER


class ApiModel(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Problem(ApiModel):
    """What is wrong, for a program (`code`), for a person (`message`), and in which field."""

    code: str
    message: str
    field: str | None = None


class ProblemAnswer(ApiModel):
    error: Problem


class ApiProblem(Exception):  # noqa: N818 - named after what the API calls it
    """Ends a call with a problem answer."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        field: str | None = None,
        *,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.problem = Problem(code=code, message=message, field=field)
        self.headers = headers or {}


class PageQuery(ApiModel):
    """Paging: `after` is the `next` of the page before. If a list has no `next`, it is the last id on the page."""

    after: Annotated[int, Field(ge=0, le=LARGEST_INTEGER)] = 0
    limit: Annotated[int, Field(ge=1, le=500)] = 100


@dataclass(frozen=True, slots=True)
class ApiRequest:
    """One checked request: who asks, for what, with which body."""

    request: web.Request
    desk: Desk
    holder: KeyHolder
    id: int
    query: Any
    body: Any
    raw_body: bytes


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One row of the table of endpoints.

    Attributes:
        path: under `/api/v1`; `{id}` is a whole number.
        handle: gives an `answers` model, or raises `ApiProblem`.
        role: the least role that may ask.
        summary: one line for the document.
        answers: what a call that succeeds gives.
        takes: the JSON body's model. None: no body.
        query: the query string's model, None: none is read.
        status: of a call that succeeds.
        idempotent: the call needs an `Idempotency-Key`.
        largest_body: in bytes.
    """

    method: str
    path: str
    handle: Callable[[ApiRequest], Awaitable[BaseModel]]
    role: Role
    summary: str
    answers: type[BaseModel]
    takes: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    status: int = 200
    idempotent: bool = False
    largest_body: int = 64 * 1024
