"""A long page does not hold the event loop."""

import asyncio

import aiohttp_jinja2
import jinja2
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from console.web.rendering import render


async def test_others_go_on_while_a_long_page_is_rendered() -> None:
    app = web.Application()
    page = "{% for number in rows %}<p>{{ number }}</p>{% endfor %}"
    aiohttp_jinja2.setup(app, loader=jinja2.DictLoader({"long.html": page}), enable_async=True)
    rendering = asyncio.create_task(
        render(make_mocked_request("GET", "/", app=app), "long.html", {"rows": range(30_000)})
    )
    turns = 0
    while not rendering.done():
        await asyncio.sleep(0)
        turns += 1
    assert (await rendering).text.count("<p>") == 30_000
    assert turns > 20
