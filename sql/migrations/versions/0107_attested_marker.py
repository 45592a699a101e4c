"""A person who attests a stop may say up to where the server wrote (decision 15)."""

from __future__ import annotations

from alembic import op

from bc_lib.store.script import run_script

revision = "0107"
down_revision = "0106"

ANSWERS = """
ALTER TABLE bc.run_act DROP CONSTRAINT known_answer;
ALTER TABLE bc.run_act ADD CONSTRAINT known_answer CHECK (CASE kind
    WHEN 'resolve' THEN value IN ('done', 'not-done', 'give-up')
    WHEN 'attest' THEN value IN ('done', 'not-done') OR value ~ '^done@[0-9A-F]{1,8}/[0-9A-F]{1,8}$'
    WHEN 'override' THEN value <> '' WHEN 'consent' THEN value <> '' ELSE true END);
"""


def upgrade() -> None:
    """One constraint."""
    run_script(op.get_bind(), ANSWERS)
