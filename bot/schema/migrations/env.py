"""Alembic's entry: runs the revisions on the connection that `bot.schema.migrate` opened."""

from alembic import context

from bot.schema.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
