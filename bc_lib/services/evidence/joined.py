"""The one file that verifies a pack on a machine without this project: the audit's verifier, then the pack's part."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from bc_lib.services.audit import standalone_verify
from bc_lib.services.evidence import standalone_pack

NAME = "verify_pack.py"
MAIN = '\nif __name__ == "__main__":'
FUTURE = "from __future__ import annotations\n"


@cache
def verifier() -> bytes:
    """Its text: the doc string of the pack's part, then both without their imports of each other."""
    audit = Path(standalone_verify.__file__).read_text(encoding="utf-8")
    pack = Path(standalone_pack.__file__).read_text(encoding="utf-8")
    before, after = pack.split("# cut:", 1)
    rest = after.split("# end of cut\n", 1)[1]
    return (before + audit.split(FUTURE, 1)[1].split(MAIN, 1)[0] + rest).encode()
