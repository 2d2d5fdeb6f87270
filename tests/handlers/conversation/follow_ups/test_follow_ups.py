"""Follow-ups over a large library: what has to be made of all its names is made beside the event loop."""

import asyncio
from types import SimpleNamespace
from typing import cast

from handlers.answer_cache import AnswerCache
from handlers.conversation.follow_ups.follow_ups import FollowUps
from handlers.framework.context import Context
from policies.district.folder import load_district
from policies.library.library import Library
from policies.library.library_file import load_library
from policies.search.index import PolicyIndex
from tests.handlers.loop_time import LIMIT_S, loop_time

TIMES = 200


async def test_a_new_library_holds_the_loop_for_no_message(context: Context) -> None:
    [document] = load_library().documents
    many = tuple(
        policy.model_copy(update={"key": policy.key + 100 * copy, "title": f"{policy.title}{copy}"})
        for copy in range(TIMES)
        for policy in document.policies
    )
    library = Library.of([document.model_copy(update={"policies": many})])
    index = cast(PolicyIndex, SimpleNamespace(library=library, tracks=load_district().tracks))
    follow_ups = FollowUps(AnswerCache(context))
    with loop_time() as longest:
        await asyncio.create_task(follow_ups.prepare(index))  # a step of its own, which is timed

    assert longest.seconds < LIMIT_S, longest.what
