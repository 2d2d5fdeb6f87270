"""Shows addresses on the desk's pages in full and clickable, so that an approver sees where a text's links lead. Pure."""

import re

from markupsafe import Markup

from wechat.texts import web_address

_LINK = re.compile(r'<a href="([^"<>]*+)">([^<]*+)</a>')
_ADDRESS = re.compile(r"https?://[!#-;=?-Z\[\]_a-z~%]++", re.IGNORECASE)
_TRAILING = ".,;:!?)]'"


def linked(text: str) -> Markup:
    """Return a typed text in which each web address is a link. The visible text is the address."""
    parts, at = [], 0
    for found in _ADDRESS.finditer(text):
        address = found[0].rstrip(_TRAILING)
        parts += [Markup.escape(text[at : found.start()]), _anchor(address)]
        at = found.start() + len(address)
    return Markup().join([*parts, Markup.escape(text[at:])])


def address(url: str) -> Markup:
    """Return one address; it is a link if it leads to the web."""
    return _anchor(url) if web_address(url) else Markup.escape(url)


def on_the_phone(text: str) -> Markup:
    """Return a message as it reads on a phone; after the label of a link to the web stands its address."""
    parts, at = [], 0
    for found in _LINK.finditer(text):
        url, label = found.groups()
        parts += [linked(text[at : found.start()]), Markup.escape(label)]
        parts += [Markup("（{}）").format(_anchor(url))] if web_address(url) else []
        at = found.end()
    return Markup().join([*parts, linked(text[at:])])


def _anchor(url: str) -> Markup:
    return Markup(
        '<a class="address" href="{0}" target="_blank" rel="noopener noreferrer nofollow">{0}</a>'
    ).format(url)
