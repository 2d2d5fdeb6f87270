"""The templates of public pages: where they stand, and the filters that all of them have."""

from pathlib import Path

import aiohttp_jinja2
import jinja2
from aiohttp import web

from wechat.texts import web_address


def set_up_templates(app: web.Application, *folders: Path) -> jinja2.Environment:
    """Let an application render the templates of these folders; the first that has a name wins."""
    environment = aiohttp_jinja2.setup(
        app, loader=jinja2.FileSystemLoader(folders), autoescape=True, trim_blocks=True
    )
    environment.filters["web_address"] = web_address
    return environment
