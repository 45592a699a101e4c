"""One way to say a role, on pages, in packs and on paper; data keeps the role's own name."""

from __future__ import annotations

import re

from bc_lib.domain.actor import Role

OWN = {Role.APPROVER_IT: "Approver-IT", Role.APPROVER_BUSINESS: "Approver-Business"}
_NAMES = re.compile(r"\b(approver-it|approver-business)\b")


def role_words(role: Role) -> str:
    """`Approver-IT`, as people say it."""
    return OWN.get(role, role.value.capitalize())


def roles_in_words(text: str) -> str:
    """`text` with each approver's role as people say it."""
    return _NAMES.sub(lambda match: OWN[Role(match[0])], text)
