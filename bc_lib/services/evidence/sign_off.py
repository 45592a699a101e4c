"""One side says whether the pack is right: with a proof over the pack's digest, two persons for the two sides."""

from __future__ import annotations

from bc_lib.domain.actor import Actor
from bc_lib.domain.authorization import Verb
from bc_lib.domain.evidence.values import Answer, Side, SignOff, signoff_statement
from bc_lib.domain.names import MAX_TEXT
from bc_lib.domain.requests.refusals import refusal
from bc_lib.domain.requests.votes import Proof
from bc_lib.ports.evidence import Evidence
from bc_lib.services.evidence.acting import line, spoken
from bc_lib.services.gate import Gate
from bc_lib.services.requests.decide import sign


def sign_off(
    gate: Gate,
    store: Evidence,
    actor: Actor,
    request_id: str,
    side: Side,
    answer: Answer,
    *,
    note: str = "",
    digest: str | None = None,
    proof: Proof | None = None,
) -> SignOff:
    """Record it. `digest`: of the pack that was looked at; None: of the one there is. Raises Denial."""
    with spoken(gate, store, actor, Verb.SIGN_OFF, request_id) as each:
        said = line("note", note, MAX_TEXT, empty=True)
        if side.role not in each.roles:
            raise refusal("ROLE_MISSING", role=side.role.value)
        given = each.work.signoffs(request_id)
        if any(one.side is side for one in given):
            raise refusal("SIGNED_OFF", request=request_id, side=side.value)
        if any(one.person == each.person for one in given):
            raise refusal("SIDES_EXCLUDED", request=request_id)
        if digest is not None and digest != each.pack.digest:
            raise refusal("STALE_VERSION", request=request_id)
        who = (actor.issuer, actor.subject)
        statement = signoff_statement(request_id, each.pack.digest, side, answer, who)
        shown = proof or sign(gate, each.work, actor, statement)
        each.work.sign_off(request_id, actor, side, answer, said, each.pack.digest, shown)
        if not gate.verifier.verify(statement, shown, each.work.signoff_keys(request_id)):
            raise refusal("PROOF_UNAVAILABLE", why="the signature is not one of your current key.")
        each.record("evidence.sign-off", answer.value,
                    {"side": side.value, "note": said, "pack": each.pack.digest, "proof": shown.key_id})  # fmt: skip
        return next(one for one in each.work.signoffs(request_id) if one.side is side)
