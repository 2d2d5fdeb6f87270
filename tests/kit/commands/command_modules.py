"""What the process loads of which commands are forked: every role; see `tests.kit.commands.command_server`."""
# ruff: noqa: F401

from dataclasses import replace

import bot.cli
import bot.commands.roles.up
import bot.commands.roles.worker
import bot.roles.scheduler_role
import bot.roles.status_server
import bot.roles.web_role
import bot.schema.migrate
import sandbox.app
from policies.district.folder import load_district
from policies.library.library_file import load_library
from policies.search.index import PolicyIndex

INDEX = PolicyIndex.build(load_library(), replace(load_district(), rules={}))
"""What a process on the library that we come with finds built: without the rules, which a database keeps apart."""
