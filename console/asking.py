"""What should not happen by a slip is asked first: by the script in place, without it on a page of its own."""

from aiohttp import web

from console.once import FIELD
from console.pages import page, place_of_origin
from console.signing_in import CSRF_FIELD

ASK = "ask"
"""The field with the question; a form that still carries it has not been asked."""
_OF_THE_PAGE = {ASK, FIELD, CSRF_FIELD}


async def asked_first(request: web.Request) -> web.StreamResponse | None:
    """The page that asks, for a form whose question nobody has answered; None where there is nothing to ask."""
    form = await request.post()
    question = form.get(ASK)
    if not isinstance(question, str) or not question:
        return None
    fields = [
        (name, value) for name, value in form.items() if name not in _OF_THE_PAGE and isinstance(value, str)
    ]
    return await page(request, "ask.html", question=question, fields=fields, back=place_of_origin(request))
