"""Every table of the product under one metadata, for the migrations and their test."""

import importlib

from storage.sql.base import Base

for _module in (
    "storage.sql.switches",
    "policies.library.tables",
    "policies.district.tables",
    "policies.questions.tables",
    "policies.meanings.tables",
    "policies.guides.tables",
    "subscriptions.tables",
    "subscriptions.profiles.tables",
    "alerts.model.tables",
    "console.tables",
):
    importlib.import_module(_module)

metadata = Base.metadata
