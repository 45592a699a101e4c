"""A pack as a document for people, from its JSON values alone, so that both say the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bc_lib.domain.documents import Bars, Block, Code, Document, Facts, Section, Table, Text, Tone
from bc_lib.domain.execution.step_words import executor_words
from bc_lib.domain.loss import Certainty
from bc_lib.domain.mail_text import as_read
from bc_lib.domain.requests.state_words import as_shown
from bc_lib.domain.role_words import roles_in_words
from bc_lib.domain.words import clock, duration, spoken
from bc_lib.services.evidence.body_run import OPEN
from bc_lib.services.evidence.pictures import rto_picture, steps_picture

Body = Mapping[str, Any]
STATE_TONE = {"Succeeded": Tone.GOOD, "Failed": Tone.BAD}
NOTHING = "not known"


def report(body: Body) -> Document:
    """The whole report."""
    request = body["request"]
    sections = (
        Section("Scope and verdict", _verdict(body)),
        Section("Criteria fixed beforehand", _criteria(body)),
        Section("Recovery time (RTO)", _rto(body)),
        Section("Data loss (RPO)", _rpo(body)),
        Section("Who asked, agreed and acted, and what each had before them", _people(body)),
        *([Section("Break-glass", _glass(body["break_glass"]))] if body["break_glass"] else []),
        Section("Plan, and what changed since it was last tested", _plan(body)),
        Section("Prechecks, waivers and overrides", _prechecks(body)),
        Section("Timeline: planned against actual", _timeline(body)),
        Section("Markers before and after", _markers(body)),
        Section("Checks after the move", _postchecks(body)),
        Section("Deviations", _lines(body["deviations"], "Nothing deviated from the plan, as far as it was recorded.")),
        Section("Clean-up and protection", _cleanup(body)),
        Section("Clocks of the sites", _clocks(body)),
        Section("Findings and sign-off", (Text(body["sign_off"]),)),
        Section("History of the request", _history(body)),
        Section("How to verify this pack", _verify(body)),
    )
    scope = request["scope"]
    return Document(
        title=f"Evidence of {request['id']}: {request['type']} of {scope['name']} to {request['where']}",
        subtitle=f"{scope['kind'].capitalize()} {scope['name']}, tier {request['tier']}, environment "
        f"{request['environment']}. Asked {_when(request['asked_at'])}, ended {_when(request['ended_at'])}.",
        made_at=f"Made {_when(body['made_at'])}. Times are UTC by the clock of the shared database.",
        footer=f"{request['id']} · made {_when(body['made_at'])}",
        sections=sections,
    )


MARKERS = {"lsn": "position", "beat_at": "newest heartbeat"}


def _verdict(body: Body) -> tuple[Block, ...]:
    verdict, request = body["verdict"], body["request"]
    outcome = f" ({spoken(verdict['outcome'])})" if verdict["outcome"] else ""
    said = f"{as_shown(verdict['state'])}{outcome}. {verdict['sentence']}"
    members = body["members"]
    return (
        Text(said, STATE_TONE.get(verdict["state"], Tone.UNKNOWN)),
        *([Text("Approvers were replaced by break-glass; see below.", Tone.WARN)] if body["break_glass"] else []),
        *([Text(verdict["because"])] if verdict["because"] else []),
        Facts(
            (
                ("Counts as a recovery test", verdict["recovery_test"]),
                ("Effect that was asked for", body["plan"]["effect"]),
                ("Reason", request["reason"]),
                ("Change ticket", request["ticket"] or "none given"),
                ("Repeats", request["retry_of"] or "no earlier request"),
                ("Members", ", ".join(request["members"])),
                (
                    "What became of each",
                    "; ".join(f"{k}: {spoken(v)}" for k, v in members.items()) or "nothing was executed",
                ),
            )
        ),
    )


def _criteria(body: Body) -> tuple[Block, ...]:
    found = body["criteria"]
    rpo = "; ".join(f"{name}: {_span(seconds, 'none set')}" for name, seconds in found["rpo_s"].items())
    needs = (
        roles_in_words(", ".join(found["needs"]))
        if found["needs"]
        else "the rule is not in force any more; see the audit log"
    )
    return (
        Facts(
            (
                ("RTO", _span(found["rto_s"], "none set")),
                ("RPO", rpo or NOTHING),
                ("Approvals asked for", f"{needs} ({found['policy']})"),
                ("Loss that was accepted", _accepted(found)),
                ("If a group moves in part", found["if_partial"] or "not a group"),
            )
        ),
        Table(
            ("measured when planned", "value", "approvals cover up to"),
            tuple((m["name"], _span(m["value"], NOTHING), _span(m["upper"], NOTHING)) for m in found["measurements"]),
            empty="Nothing was measured when it was planned.",
        ),
        Text(found["fixed"], Tone.NOTE),
    )


def _accepted(found: Body) -> str:
    """What was consented to, with its moment; the plan's own figure only where nobody was asked."""
    said = [f"losing {each['value']}, by {each['by']} at {_when(each['at'])}" for each in found["loss_accepted"]]
    if said:
        return "; ".join(said)
    asked = found["loss_to_accept"]
    return f"none was accepted; the plan would have asked for {asked}" if asked else "none for this kind of move"


def _rto(body: Body) -> tuple[Block, ...]:
    found = body["rto"]
    tone = Tone.UNKNOWN
    if found["ended"] and found["target_s"] is not None:
        back = found["way_back"]
        spans = [found["clients_could_not_write_s"], *([back["seconds"]] if back else [])]
        if None not in spans:
            tone = Tone.GOOD if max(spans) <= found["target_s"] else Tone.BAD
    rows = tuple(
        (
            each["name"],
            each["who"] or "",
            _when(each["began_at"]),
            _span(each["seconds"], each.get("note") or "not measured"),
        )
        for each in found["parts"]
    )
    return (
        Text(found["sentence"], tone),
        rto_picture(body),
        Table(("part", "person", "began", "took"), rows, widths=(28, 18, 26, 28)),
        Text("Approvers wait side by side, so their parts overlap.", Tone.NOTE),
    )


def _rpo(body: Body) -> tuple[Block, ...]:
    tones = {Certainty.PROVEN.value: Tone.GOOD, Certainty.BOUNDED.value: Tone.WARN, Certainty.EXCEPTED.value: Tone.WARN}
    found: list[Block] = [] if body["rpo"] else [Text(body["rpo_sentence"], Tone.UNKNOWN)]
    for each in body["rpo"]:
        found.append(Text(f"{each['resource']}: {each['sentence']}",
                          tones.get(each["certainty"], Tone.BAD)))  # fmt: skip
        if each.get("between_looks"):
            found.append(Text(each["between_looks"], Tone.NOTE))
        if each.get("two_writers"):
            found.append(Text(each["two_writers"], Tone.NOTE if each["judged"] != OPEN else Tone.BAD))
        found.append(
            Facts(
                (
                    ("Step", each["of"]),
                    ("Method", each["method"]),
                    ("At most lost", "nothing" if each["at_most_s"] == 0 else _span(each["at_most_s"], NOTHING)),
                    ("Against the RPO", f"{each['judged']} ({_span(each['target_s'], 'none set')})"),
                    ("Measured at", _when(each["measured_at"])),
                    ("Age when this was made", _span(each["age_when_made_s"], NOTHING)),
                )
            )
        )
    return tuple(found)


def _people(body: Body) -> tuple[Block, ...]:
    rows = tuple(
        (
            _when(each["at"]),
            f"{each['name']}\n{each['account']}",
            f"{each['did']} as {roles_in_words(each['role'])}" + (f"\n{each['note']}" if each["note"] else ""),
            each["had_before_them"] + (f"\n{each['limits']}" if each["limits"] else ""),
            each["proof"],
        )
        for each in body["people"]
    )
    roles = tuple(
        (
            each["name"] + (" (switched off)" if each["switched_off"] else ""),
            each["account"],
            "\n".join(f"{roles_in_words(one['role'])}, seen {_when(one['last_seen_at'])}" for one in each["roles"])
            or "none",
        )
        for each in body["role_assignments"]
    )
    return (
        Table(("when", "who", "did", "had before them", "proof"), rows, widths=(16, 20, 26, 24, 14)),
        Facts(
            (("Executor", executor_words(body["executor"]) if body["executor"] else "nobody: nothing was executed"),)
        ),
        Text("Role assignments as the sign-on had shown them when this pack was made:"),
        Table(("person", "account", "roles, and when each was last seen"), roles, empty="Nobody is known any more."),
    )


def _glass(glass: Body) -> tuple[Block, ...]:
    return (
        Text("This request was NOT approved by all approvers that the policy asks for. A break-glass grant stood in.",
             Tone.WARN),
        Facts(
            (
                ("Incident", glass["incident"]),
                ("Reason", glass["reason"]),
                ("Holder", glass["holder"]),
                ("Granted, ended, used", " / ".join(map(_when, (glass["granted_at"], glass["ended_at"],
                                                                glass["used_at"])))),
                ("Approved before that", roles_in_words(", ".join(glass["approved_before"])) or "nobody"),
                ("Stood in for", roles_in_words(", ".join(glass["stood_in_for"])) or NOTHING),
                ("Proof of the holder", glass["proof"]),
                ("Proof of the use", glass["use_proof"]),
                ("Review", f"{glass['reviewed_by']}, {_when(glass['reviewed_at'])}" if glass["reviewed_by"]
                 else f"OPEN when this was made; due {_when(glass['review_due'])}"),
                ("Proof of the review", glass["review_proof"] or NOTHING),
                ("What the review says", glass["review"] or "nothing yet"),
            )
        ),
    )  # fmt: skip


def _plan(body: Body) -> tuple[Block, ...]:
    plan, tested = body["plan"], body["plan_since_tested"]
    rows = tuple(
        (
            str(number),
            told["name"] + ("\nPOINT OF NO RETURN" if step["point_of_no_return"] else ""),
            step["summary"],
            step["probe"] or "",
            duration(step["timeout_s"]),
        )
        for number, (step, told) in enumerate(zip(plan["steps"], body["steps"], strict=True), 1)
    )
    revisions = tuple(
        (str(each["revision"]), _when(each["made_at"]), each["digest"][:16] + "…", each["because"] or "first")
        for each in body["plan_revisions"]
    )
    seen = tuple((name, value) for name, value in sorted(plan["observed"].items()))
    return (
        Text(tested["sentence"], Tone.WARN if tested["changes"] or not tested["request"] else Tone.PLAIN),
        *(Text(f"• {each}") for each in tested["changes"]),
        Table(("", "step", "what it does", "how its effect is looked for", "limit"), rows, widths=(5, 22, 38, 26, 9)),
        Facts((("Digest of the plan", plan["digest"]), *((f"Limit {n}", t) for n, t in enumerate(plan["limits"], 1)))),
        *([Facts(seen)] if seen else []),
        Table(("revision", "made", "digest", "because"), revisions, widths=(10, 24, 22, 44)),
    )


def _prechecks(body: Body) -> tuple[Block, ...]:
    instead = tuple(
        (_when(each["at"]), each["name"], f"{each['what']} {each['about']}".strip(), each["note"], each["proof"])
        for each in body["waivers_and_overrides"]
    )
    return (
        Text(body["prechecks"]["sentence"]),
        _findings(body["prechecks"]["findings"], "No precheck was made."),
        Text("Where a person's word stood in the place of a check or a rule:"),
        Table(("when", "who", "what", "reason", "proof"), instead, empty="Nowhere.", widths=(16, 14, 32, 24, 14)),
    )


def _findings(found: Sequence[Body], empty: str) -> Table:
    rows = tuple(
        (each["severity"].upper(), each["resource"], each["title"], each["sentence"], each["figure"]) for each in found
    )
    return Table(("result", "resource", "check", "what was seen", "figure"), rows, empty, (10, 16, 18, 36, 20))


def _timeline(body: Body) -> tuple[Block, ...]:
    picture: Bars | None = steps_picture(body)
    rows = tuple(
        (
            str(each["number"]),
            each["name"],
            each["executed"] if each["state"] == "verified" else f"{each['executed']} ({each['state']})",
            _span(each["planned_s"], each["planned_from"]),
            _when(each["began_at"]) if each["began_at"] else "not begun",
            _span(each["actual_s"], "not measured" if each["executed"] != "not executed" else "not executed"),
            each["sentence"],
        )
        for each in body["steps"]
    )
    marks = tuple((_when(each["at"], exact=True), each["of"], each["words"]) for each in body["marks"])
    return (
        *([picture] if picture else [Text("Nothing was executed: the steps below are those of the plan.")]),
        Table(("", "step", "executed", "planned", "began", "took", "what was seen"), rows,
              widths=(4, 20, 14, 12, 17, 13, 20)),
        Table(("when", "step", "moment inside it"), marks, empty="No moment inside a step was marked."),
    )  # fmt: skip


def _markers(body: Body) -> tuple[Block, ...]:
    rows = tuple(
        (
            each["name"],
            each["place"],
            _when(each["at"]),
            "\n".join(f"{_marker(name)}: {as_read(str(value))}" for name, value in each["values"].items()),
        )
        for each in body["markers"]
    )
    return (
        Table(
            ("step", "server", "when", "position"), rows, empty="No marker was recorded: completeness cannot be proven."
        ),
    )


def _marker(name: str) -> str:
    """A marker's name in words: `received position`, `last commit`."""
    return MARKERS.get(name, name.replace("_lsn", " position").removesuffix("_at").replace("_", " "))


def _postchecks(body: Body) -> tuple[Block, ...]:
    found = [one for each in body["steps"] if each["action"] != "check" for one in each["findings"]]
    return (
        _findings(found, "No check was made after a move."),
        Text("Integrity checks show differences in what they look at, and prove nothing about the rest.", Tone.NOTE),
    )


def _lines(found: Sequence[str], empty: str) -> tuple[Block, ...]:
    return tuple(Text(f"• {each}") for each in found) or (Text(empty),)


def _cleanup(body: Body) -> tuple[Block, ...]:
    found = body["cleanup"]
    tone = Tone.WARN if found["owed"] or found["unprotected_since"] else Tone.PLAIN
    return (
        Text(found["sentence"], tone),
        *(Text(f"• {each}") for each in found["next"]),
        *([Text("By hand:")] if found["by_hand"] else []),
        *(Text(f"• {each}") for each in found["by_hand"]),
    )


def _clocks(body: Body) -> tuple[Block, ...]:
    rows = tuple((each["resource"], each["place"], each["sentence"]) for each in body["clocks"])
    return (Table(("resource", "server", "offset from the runner's clock"), rows, empty="Not measured."),)


def _history(body: Body) -> tuple[Block, ...]:
    rows = tuple(
        (_when(each["at"]), each["event"] or "", as_shown(each["state"]), each["person"] or "", each["reason"] or "")
        for each in body["history"]
    )
    return (Table(("when", "event", "state afterwards", "by", "reason"), rows, widths=(26, 12, 20, 14, 28)),)


def _verify(body: Body) -> tuple[Block, ...]:
    audit = body["audit"]
    return (
        Text(
            f"audit.json holds {audit['count']} records of audit log {audit['log']}, numbers {audit['first']} to "
            f"{audit['last']}, with the hashes of what lies between. manifest.json names every file by its SHA-256; "
            "signature.json proves that a checkpoint, signed outside the database, seals the manifest."
        ),
        Text("On any machine with Python 3.8 or newer and nothing else:"),
        Code(audit["command"]),
        Text("Against the database:"),
        Code(audit["database_command"]),
        Text(f"The fingerprint of the signer's key is published: {body['key']['published']}. {body['key']['rule']}"),
        Text(
            "What a pack can't prove: that a superuser did not write a false record through the log's own function. "
            "The signatures of votes and confirmations, which are checked above, show that.",
            Tone.NOTE,
        ),
    )


def _span(seconds: float | None, absent: str) -> str:
    return absent if seconds is None else duration(seconds)


def _when(text: str | None, exact: bool = False) -> str:
    if not text:
        return NOTHING
    moment = datetime.fromisoformat(text)
    return f"{clock(moment)[:-4]}.{moment.microsecond // 1000:03d} UTC" if exact else clock(moment)
