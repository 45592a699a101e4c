-- What each login role may do with evidence. Applied after database_roles.sql, which takes all back first.
-- bc_keeper makes packs: it acts on no database, has no vote, and cannot sign a checkpoint for the signer's key is not its own.
GRANT INSERT (request, number, manifest, digest, files, tells) ON bc.evidence TO bc_keeper;

-- bc_ui writes what people say afterwards; it cannot make or change a pack.
GRANT INSERT (request, side, answer, note, digest, issuer, subject, role, channel, signed_in_how, signed_in_at, mfa, proof)
    ON bc.evidence_signoff TO bc_ui;
GRANT INSERT (request, what, owner, due, key, issuer, subject) ON bc.finding TO bc_ui;
GRANT INSERT (finding, note, issuer, subject) ON bc.finding_closed TO bc_ui;
