"""What the process loads of which commands are forked: every role; see `tests.kit.commands.command_server`."""
# ruff: noqa: F401

import bot.cli
import bot.commands.roles.up
import bot.commands.roles.worker
import bot.roles.scheduler_role
import bot.roles.status_server
import bot.roles.web_role
import bot.schema.migrate
import sandbox.app
