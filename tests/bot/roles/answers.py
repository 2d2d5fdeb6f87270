"""What a process of the tests answers once it has got so far."""

import asyncio
from contextlib import suppress

import aiohttp


async def until(url: str, holds: str) -> tuple[int, str]:
    """The first answer that has these words."""
    async with asyncio.timeout(60), aiohttp.ClientSession() as http:
        while True:
            with suppress(aiohttp.ClientError):
                async with http.get(url) as answer:
                    text = await answer.text()
                    if holds in text:
                        return answer.status, text
            await asyncio.sleep(0.03)
