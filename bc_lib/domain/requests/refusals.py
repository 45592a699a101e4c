"""Every refusal of a request, a vote or a grant: one code, one sentence. The database's guards use the same ones."""

from __future__ import annotations

from bc_lib.domain.denial import Denial
from bc_lib.domain.requests.state_words import in_words

STATES = ("state", "wanted")
"""Values that hold names of states, which are said as words. The database's guards do the same."""

SENTENCES: dict[str, str] = {
    # who
    "UNKNOWN_PERSON": "Nobody here is known by this sign-in; sign in again, or ask an administrator to add you.",
    "PERSON_DISABLED": "Your account is switched off here; ask an administrator.",
    "ROLE_MISSING": "This needs the role {role}, which you do not hold now.",
    "REQUESTER_EXCLUDED": "You asked for {request}, so another person must decide on it.",
    "EDITOR_EXCLUDED": "You edited schedule {schedule}, which asked for {request}, so another person must decide.",
    "REQUESTER_ONLY": "Only the person who asked for {request} can withdraw it; an approver can deny it.",
    "MFA_REQUIRED": "This needs a sign-in with a second factor; sign in again with one.",
    "FRESH_SIGN_IN_REQUIRED": "This needs a sign-in within the last 15 minutes; sign in again.",
    "BCCTL_READ_ONLY": "In prod bcctl only reads, because it has no sign-in; use the pages.",
    "RATE_LIMITED": "Too many attempts in one minute; wait a minute and try again.",
    "TOO_MANY_REQUESTS": "You asked for {count} requests within a minute; wait a minute before the next.",
    # evidence
    "NO_PACK": "There is no evidence pack of {request} yet: one is made within a minute after a request has ended.",
    "PACK_UNSIGNED": "The pack {pack} is not signed yet; that takes up to 30 s (see Health). Nothing was handed out.",
    "SIGNED_OFF": "The {side} side has signed {request} off already; what is still open belongs into a finding.",
    "SIDES_EXCLUDED": "You signed {request} off for the other side; the two sides are two persons.",
    "UNKNOWN_FINDING": "There is no finding {finding}; list them with: bcctl evidence findings",
    "FINDING_CLOSED": "Finding {finding} is closed already.",
    "DUE_INVALID": "The due date is written as 2026-12-24 and lies between today and five years from now.",
    # what is asked
    "UNKNOWN_REQUEST": "There is no request {request}; list them with: bcctl request list",
    "UNKNOWN_SCOPE": "There is no {scope} in the inventory; choose a resource or group that is listed there.",
    "TARGET_SITE_UNKNOWN": "{scope} has no site {site}; its sites are {sites}.",
    "SITE_AMBIGUOUS": "{scope} has more than one site called {site}; choose {sites}.",
    "ALREADY_THERE": "{scope} is already active at {site}; choose the other site.",
    "WAS_ACTIVE_THERE": "{resource} was active at {site} (last seen there {when}) and its primary {state}, so {scope} "
    "cannot be moved there; choose {other}.",
    "TARGET_DOWN": "No server of {resource} runs at {site}, by two signals, so {scope} cannot be moved there; bring it "
    "back first.",
    "PRIMARY_DOWN": "The primary of {resource} at {site} is down (last seen {when}), and {what} needs a running one; "
    "bring it back, or ask for a failover.",
    "PRIMARY_MISSING": "No server of {resource} takes writes now, and {what} needs a running primary; ask for a "
    "failover to the server that is right.",
    "BLACKOUT": "No {kind} of {scope} is asked for in blackout {blackout} ({days}: {reason}); give a planned window "
    "outside of it. A failover and break-glass are not held up.",
    "LOOKING_AGAIN": "{resource} was moved or started anew a moment ago and is being looked at again; ask again in a "
    "few seconds.",
    "OPEN_REQUEST": "{resource} is part of {holder} already ({what}, asked for by {who}), which is not over: see that "
    "through, or have it withdrawn or denied, before you ask again.",
    "GROUP_SPLIT": "{scope} was last seen at several sites, {resources} at {site} already, so no drill can move it "
    "there as a whole; bring it together first.",
    "TWO_PRIMARIES": "{resource} was seen with {count} servers that take writes ({nodes}), so nothing of {scope} is "
    "moved and nothing is demoted automatically: a person decides which one is right, keeps the other's data and "
    "stops it.",
    "FAILBACK_HOME": "A failback of {scope} goes to its home site {home}; use a switchover for another site.",
    "FAILBACK_NOT_READY": "{scope} cannot fail back yet: {why}.",
    "DRILL_KIND": "Only a drill has a kind, and it is rehearsal or live.",
    "MANAGED": "{why}",
    "NOTHING_TO_MOVE": "{scope} is watched only: nothing in it can be moved from here.",
    "TEXT_INVALID": "The {field} must be one line of 1 to {most} printable characters.",
    "TICKET_REQUIRED": "The policy asks for a change ticket here; give one.",
    "TICKET_INVALID": "The change ticket does not have the form that the policy asks for: {pattern}",
    "WINDOW_INVALID": "The planned window must end after it begins, and in the future.",
    "NO_POLICY": "No approval rule covers this request, so nobody can approve it; an administrator must add a rule.",
    "RETRY_UNKNOWN": "The request to retry, {request}, does not exist, is not over, or was for something else.",
    "KEY_REUSED": "This submission's key was already used for a different request; submit again.",
    # deciding
    "WRONG_STATE": "{request} is {state}; this can be done only while it is {wanted}.",
    "NO_SUCH_EDGE": "{request} cannot go from {state} to {wanted}.",
    "STALE_VERSION": "{request} changed since you looked at it; look again, then decide again.",
    "ALREADY_DECIDED": "You have already decided on this plan of {request}; your first decision counts.",
    "NOT_A_NEEDED_ROLE": "The policy for {request} does not ask for a decision as {role}.",
    "DENIAL_NEEDS_REASON": "Say in one line why you deny {request}.",
    "POLICY_UNSATISFIED": "{request} is not approved: it still needs {missing}.",
    "REQUEST_EXPIRED": "{request} has passed its time limit; ask again with a new request.",
    "PHRASE_WRONG": "The confirmation phrase is not the one shown; type exactly: {phrase}",
    "NOT_CONFIRMED": "{request} was not confirmed with its phrase.",
    "WINDOW_NOT_OPEN": "The planned window of {request} opens at {opens}; confirm it then.",
    "PLAN_CHANGED": "Approvals of {request} are void because {difference}; it must be approved again.",
    "APPROVAL_VOID": "Approvals of {request} are void because {difference}; it must be approved again.",
    "PROOF_UNAVAILABLE": "Your decision could not be signed, so nothing was recorded: {why}",
    "PROOF_INVALID": "A vote on {request} carries no valid proof, so approvals are void; security has been told.",
    "KEY_TOO_NEW": "Your signing key is younger than {request}, so it decides nothing about it; ask for a new request.",
    "PROOF_OLD": "This signature was made too long ago, or for the shared database before it was restored; sign again.",
    "PROOF_USED": "This signature stands under another word already; nothing was recorded.",
    "REQUEST_RESTORED": "{request} was asked for before the shared database was restored and may have been carried out "
    "since; withdraw it, look at the servers, and ask again.",
    # break-glass
    "INCIDENT_REQUIRED": "Break-glass needs an incident reference of letters, digits and hyphens, such as INC-1042.",
    "GRANT_TOO_LONG": "A break-glass grant lasts 1 to 60 minutes.",
    "REVIEW_OVERDUE": "The review of break-glass {grant} (incident {incident}) is overdue; record it first.",
    "SECURITY_CHANNELS": "Break-glass must tell security at two addresses; the inventory needs two channels whose "
    "names begin with security.",
    "UNKNOWN_GRANT": "There is no break-glass grant {grant}; list them with: bcctl breakglass list",
    "GRANT_NOT_VALID": "Break-glass {grant} cannot be used: it is spent, over, for something else or not yours.",
    "GRANT_REVIEWED": "The review of break-glass {grant} is already recorded.",
    "REVIEWER_EXCLUDED": "Somebody who took no part in break-glass {grant} must review it.",
    # running
    "FROZEN": "Starts are frozen since {since} by {by}: {reason}. Nothing was started; an administrator thaws.",
    "ALREADY_FROZEN": "Starts are frozen already; nothing changed.",
    "NOT_FROZEN": "Starts are not frozen; nothing changed.",
    "FORGED_DAG_RUN": "The DAG run {run} of {dag} was not ordered by the control plane, so it does nothing; ask for a "
    "request instead.",
    "RESOURCE_BUSY": "{resource} belongs to the run of {holder}, which is not over; wait for it or resolve it.",
    "RUN_EXISTS": "{request} was started already; its run goes on from its journal.",
    "RUN_ALIVE": "The run of {request} is driven by {holder}; it can be taken over in {seconds} s at the earliest.",
    "NO_RUN": "{request} has no run yet.",
    "STALE_EPOCH": "Another runner has taken over {request}; this one does nothing any more.",
    "STEP_TAKEN": "The step {step} of {request} is {state}; it cannot be claimed again.",
    "STEP_BEFORE_OPEN": "The step {step} of {request} cannot begin before {before} is done.",
    "NO_SUCH_STEP_EDGE": "The step {step} of {request} cannot go from {state} to {wanted}.",
    "UNKNOWN_STEP": "{request} has no step {step}; list its steps with: bcctl run show {request}",
    "STEP_NOT_WAITING": "The step {step} of {request} is {state}, so there is nothing to decide about it.",
    "ALREADY_SAID": "You have said that about {request} already; it counts once.",
    "PLAN_NOT_APPROVED": "The steps are not those of the approved plan of {request}; nothing was started.",
    "PRECHECK_FAILED": "{request} was not started: {findings}",
    "CHECK_BLOCKS": "The checks of both sites say no: {findings}",
    "CONSENT_MISSING": "{request} can lose {loss}; somebody must accept exactly that first.",
    "CONSENT_WRONG": "The loss to accept is {loss}; nothing was recorded.",
    "FENCE_UNPROVEN": "Nobody can prove that {resource} at {site} accepts no writes; fence it or have that waived.",
    "BLOCK_PERIOD": "{scope} failed over {ago} ago; another failover within {period} needs an acknowledgement with a "
    "reason.",
    "WRONG_ENVIRONMENT": "{request} names {resource} of environment {environment}, which shares with the other kind.",
    "OVERRIDE_FORBIDDEN": "The policy of {resource} does not allow going on in spite of {check}.",
    "OVERRIDE_NEVER": "The check {check} of {resource} is never overridden, whatever its policy says; remove what it "
    "found.",
    "SECOND_PERSON": "Another person than {person} must say the same before it counts.",
    "DECISION_UNKNOWN": "{value} is no decision here; say one of: {values}.",
    "NOT_CONFIGURED": "{resource} has no execution account in the inventory; it is monitored only.",
    "NO_MECHANISM": "Nothing here can move a {platform}; {resource} is monitored only.",
    # schedules
    "UNKNOWN_SCHEDULE": "There is no schedule {schedule}; list them with: bcctl schedule list",
    "SCHEDULE_STALE": "Schedule {schedule} changed since you looked at it; look again, then decide again.",
    "SCHEDULE_REMOVED": "Schedule {schedule} was removed and cannot be used again; add another one.",
    "SCHEDULE_STATE": "Schedule {schedule} is {state} already; nothing was changed.",
    "SCHEDULE_RULE": "The schedule cannot stand because {why}; nothing was stored.",
    "SITES_SPLIT": "{scope} is active at several sites now, so nobody can say which is its other site; ask by hand.",
    "EDITOR_GONE": "The last editor of schedule {schedule}, {name}, is not known here now; somebody must take it over.",
    "SCHEDULE_PAST": "The schedule has no date after now ({now}); nothing was stored.",
    "SCHEDULE_CLOSE": "Its own dates are only {gap} apart, and each lasts {lasts}; say a shorter --lasts or a "
    "rarer rule. Nothing was stored.",
    "SCHEDULE_OVERLAP": "Its date {date} overlaps {other} ({what}) on {other_date}, and both need {resources}; "
    "nothing was stored.",
    "BLACKOUT_HIT": "Its date {date} lies in blackout {blackout} ({reason}); choose another date. Nothing was stored.",
    "UNKNOWN_CHANNEL": "There is no channel {channel} in the inventory that may hear of {scope}; nothing was stored.",
    "NOTICE_FLOOD": "{count} dates lie within the lead time of {lead}, so each would be told long before it "
    "matters; say a shorter one. Nothing was stored.",
    "DATE_NOT_DUE": "Schedule {schedule} has nothing to ask for at {due}; no request was made.",
    "APPROVAL_OLDER": "An approval or confirmation of {request} is older than its date {due}; it must be given again.",
    "UNKNOWN_BLACKOUT": "There is no blackout {blackout}, or it has ended; see: bcctl schedule blackout list",
    "BLACKOUT_INVALID": "The blackout cannot stand because {why}; nothing was stored.",
    "UNKNOWN_FEED": "There is no calendar feed {feed} of yours, or it was revoked.",
    "FEED_CLOSED": "This calendar feed does not exist or was revoked; make a new one on the Drills page.",
    "TOO_MANY_FEEDS": "You have {count} calendar feeds already; revoke one first.",
    # what two administrators change together: the approval policy, the inventory
    "UNKNOWN_PROPOSAL": "There is no {topic} proposal {proposal}; list the proposals and choose one of them.",
    "PROPOSAL_OVER": "The {topic} proposal {proposal} is decided or over; propose again.",
    "PROPOSAL_OPEN": "The {topic} proposal {proposal} is not over yet; it stays open.",
    "PROPOSER_EXCLUDED": "You proposed {topic} change {proposal}, so another administrator must agree.",
    "NOT_AGREED": "No second administrator has agreed to {topic} proposal {proposal}.",
    "PROPOSAL_STALE": "The {topic} or its proposals changed meanwhile; look at the difference and propose again.",
    "PROPOSAL_SAME": "This {topic} stands already; nothing was proposed.",
    "PROPOSAL_DIGEST": "The {topic} proposal {proposal} is not the one that was looked at; look again.",
    "PROPOSAL_FORGED": "The {topic} proposal {proposal} is void because {why}; security has been told.",
    "PROPOSAL_VOID": "The {topic} proposal {proposal} is void because {why}; propose again.",
    "POLICY_UNSAFE": "These rules cannot stand because {trouble}; change the file and propose again.",
    "INVENTORY_UNSAFE": "This inventory cannot stand because {trouble}; change the file and propose again.",
    "SECOND_ADMIN": "One administrator cannot change {what}, because it can be moved from here; propose the file "
    "(bcctl inventory propose FILE), then another administrator agrees.",
    # ourselves
    "AUDIT_UNAVAILABLE": "The audit log cannot be written, so nothing was done; see Health, then try again.",
    "DATABASE_REFUSED": "The database refused this change; nothing was done.",
}


def refusal(code: str, **values: object) -> Denial:
    """The denial `code` with its sentence filled in. A code that is not in the table is a bug: KeyError."""
    said = {name: in_words(str(value)) if name in STATES else value for name, value in values.items()}
    return Denial(code, SENTENCES[code].format(**said))
