"""The templates of public pages: their place, and the filters that all of them have."""

import hashlib
import re
from pathlib import Path

import aiohttp_jinja2
import jinja2
from aiohttp import web
from markupsafe import Markup

from wechat.texts import web_address

_NUMBER = re.compile(
    r"(?<!\d)(?:0\d{2,3}[- ]?\d{7,8}|1[3-9]\d{9}|[48]00[- ]?\d{3}[- ]?\d{4})(?!\d)", re.ASCII
)


def set_up_templates(app: web.Application, *folders: Path) -> jinja2.Environment:
    """Let an application render the templates of these folders; the first that has a name wins."""
    environment = aiohttp_jinja2.setup(
        app, loader=jinja2.FileSystemLoader(folders), autoescape=True, trim_blocks=True
    )
    environment.filters["web_address"] = web_address
    environment.filters["callable"] = callable_numbers
    return environment


def sheet_version(file: Path) -> str:
    """Another word for each content of a style sheet."""
    return hashlib.blake2b(file.read_bytes(), digest_size=6).hexdigest()


def sheet_address(path: str, file: Path) -> str:
    """Return the address of a style sheet; another one for each content, for browsers keep sheets for a day."""
    return f"{path}?v={sheet_version(file)}"


def serve_sheet(app: web.Application, path: str, file: Path) -> None:
    """Serve a style sheet, which browsers keep for a day."""
    style = file.read_bytes()

    async def sheet(_request: web.Request) -> web.Response:
        response = web.Response(body=style, content_type="text/css", charset="utf-8")
        response.headers["Cache-Control"] = "public, max-age=86400"
        return response

    app.router.add_get(path, sheet)


def callable_numbers(text: str) -> Markup:
    """Return the text, escaped, with its telephone numbers as links that a phone calls; an extension is left outside."""
    parts, end = [], 0
    for found in _NUMBER.finditer(text):
        digits = re.sub(r"\D", "", found[0])
        parts += [Markup.escape(text[end : found.start()]), _CALL.format(digits, found[0])]
        end = found.end()
    return Markup("").join([*parts, Markup.escape(text[end:])])


_CALL = Markup('<a class="call" href="tel:{}">{}</a>')
