"""The pages of the process that the chat's tests speak to."""

from tests.handlers.conftest import context, conversation, phone, services, sqlite_template

__all__ = ["context", "conversation", "phone", "services", "sqlite_template"]
