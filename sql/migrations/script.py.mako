"""${message}"""

from __future__ import annotations

from alembic import op

from bc_lib.store.script import run_script

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade() -> None:
    """What changes."""
    run_script(op.get_bind(), """
    """)
