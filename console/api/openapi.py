"""The OpenAPI 3.1 document, made from the table of endpoints and their models."""

from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from console.api.endpoints import Endpoint, ProblemAnswer
from storage.sql.base import LARGEST_INTEGER

_REFUSALS = {
    400: "The body is not JSON, or a header is missing",
    401: "No key, or one that is unknown or revoked",
    403: "The key's role does not reach this call",
    404: "Nothing has this id",
    409: "The present state forbids it",
    413: "The body is too large",
    415: "The body is not application/json",
    422: "A field is wrong; `field` names it",
    429: "Too many calls; try again after `Retry-After` seconds",
}


def openapi_document(endpoints: Iterable[Endpoint], version: str) -> dict[str, Any]:
    """Return the document of these endpoints under `/api/v1`."""
    rows = list(endpoints)
    models: list[type[BaseModel]] = [ProblemAnswer]
    for row in rows:
        models += [model for model in (row.answers, row.takes) if model and model not in models]
    _, schemas = models_json_schema(
        [(model, "validation") for model in models], ref_template="#/components/schemas/{model}"
    )
    paths: dict[str, Any] = {}
    for row in rows:
        paths.setdefault(row.path, {})[row.method.lower()] = _operation(row)
    return {
        "openapi": "3.1.0",
        "info": {"title": "policybot", "version": version},
        "servers": [{"url": "/api/v1"}],
        "security": [{"key": []}],
        "paths": paths,
        "components": {
            "schemas": schemas["$defs"],
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(row: Endpoint) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": row.handle.__name__,
        "summary": row.summary,
        "description": f"Role: {row.role} or above.",
        "parameters": _parameters(row),
        "responses": {
            str(row.status): {"description": "Done", "content": _json(row.answers)},
            **{
                str(code): {"description": why, "content": _json(ProblemAnswer)}
                for code, why in _refusals(row)
            },
        },
    }
    if row.takes:
        operation["requestBody"] = {"required": True, "content": _json(row.takes)}
    return operation


def _refusals(row: Endpoint) -> list[tuple[int, str]]:
    never = set()
    if "{id}" not in row.path:
        never.add(404)
    if not row.takes:
        never |= {413, 415}
    return [(code, why) for code, why in _REFUSALS.items() if code not in never]


def _parameters(row: Endpoint) -> list[dict[str, Any]]:
    parameters: list[dict[str, Any]] = []
    if "{id}" in row.path:
        schema: dict[str, Any] = {"type": "integer", "minimum": 1, "maximum": LARGEST_INTEGER}
        parameters.append({"name": "id", "in": "path", "required": True, "schema": schema})
    if row.query:
        for name, schema in row.query.model_json_schema()["properties"].items():
            parameters.append({"name": name, "in": "query", "required": False, "schema": schema})
    if row.idempotent:
        schema = {"type": "string", "pattern": "^[!-~]{1,128}$"}
        parameters.append({"name": "Idempotency-Key", "in": "header", "required": True, "schema": schema})
    return parameters


def _json(model: type[BaseModel]) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": f"#/components/schemas/{model.__name__}"}}}
