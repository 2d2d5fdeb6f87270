"""A request's JSON as a model."""

from typing import TypeVar

from aiohttp import web
from pydantic import BaseModel, ValidationError

Model = TypeVar("Model", bound=BaseModel)


async def read_body(request: web.Request, model: type[Model]) -> Model:
    """Return the request's JSON as `model`.

    A JSON content type is required: another site's page can't send it without the browser asking first.

    Raises:
        aiohttp.web.HTTPUnsupportedMediaType: it doesn't say that it is JSON.
        aiohttp.web.HTTPBadRequest: it doesn't fit; the text says why.
    """
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType(text="Content-Type must be application/json")
    try:
        return model.model_validate_json(await request.read())
    except ValidationError as error:
        reasons = (f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors())
        raise web.HTTPBadRequest(text="\n".join(reasons)) from error
