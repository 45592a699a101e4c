"""The result of a drill from its evidence pack, so that this says what the signed pack says."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from bc_lib.domain.evidence.values import BODY
from bc_lib.domain.verified.results import NOTHING_KNOWN, Result, judged
from bc_lib.domain.verified.values import Asked
from bc_lib.ports.evidence import EvidenceReader
from bc_lib.services.evidence.standalone_pack import NoPack, unpack


def result(read: EvidenceReader, asked: Asked) -> Result:
    """Nothing is known where there is no pack yet, or where it is not as it was written."""
    if asked.pack:
        try:
            files, troubles = unpack(read.files(asked.request, 0))
            if not troubles:
                return of_pack(json.loads(files[BODY]))
        except (LookupError, NoPack, ValueError):
            pass
    return Result(rto=NOTHING_KNOWN, rpo=dict.fromkeys(asked.members, NOTHING_KNOWN), executed=asked.executor != "")


def of_pack(body: Mapping[str, Any]) -> Result:
    """From the JSON of a pack."""
    rto, executed = body["rto"], bool(body["verdict"]["executed"])
    began = rto["clients_could_not_write_s"]
    return Result(
        rto=judged(began, rto["target_s"], known=began is None or bool(rto["ended"])),
        rpo={
            each["resource"]: judged(each["at_most_s"], each["target_s"], known=each["at_most_s"] is not None)
            for each in body["rpo"]
        },
        executed=executed,
    )
