-- Applied after database_roles.sql, which takes all back first. bc_ui ends sign-ins; nothing makes an ended one good again.
GRANT INSERT (ticket, until) ON bc.signed_out TO bc_ui;
