"""Every table of the house under one metadata, for migrations and their test."""

import importlib

from storage.base import Base

for _module in (
    "storage.switches",
    "policies.tables",
    "policies.question_tables",
    "subscriptions.tables",
    "alerts.tables",
    "console.tables",
):
    importlib.import_module(_module)

metadata = Base.metadata
