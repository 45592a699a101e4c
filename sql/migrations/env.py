"""Alembic's entry: runs on the connection that `bc_lib.store.migrate` hands over, never on one of its own."""

from __future__ import annotations

from alembic import context

from bc_lib.store.tables import SCHEMA, metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    version_table="schema_version",
    version_table_schema=SCHEMA,
    include_schemas=True,
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
