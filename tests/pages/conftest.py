"""The pages of the process that the chat's tests speak to."""

from tests.handlers.conftest import chat, context, conversation, phone, services, sqlite_template, web

__all__ = ["chat", "context", "conversation", "phone", "services", "sqlite_template", "web"]
