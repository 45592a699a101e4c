-- What each login role may do in schema bc (decision 8). Applied after every migration, as bc_guard_owner; idempotent:
-- everything is taken back first, so that a right that leaves this file leaves the database.
REVOKE ALL ON ALL TABLES IN SCHEMA bc FROM PUBLIC, bc_owner, bc_ui, bc_poller, bc_runner, bc_keeper, bc_reader, bc_signer,
    bc_sign_on;
REVOKE ALL ON ALL SEQUENCES IN SCHEMA bc FROM PUBLIC, bc_owner, bc_ui, bc_poller, bc_runner, bc_keeper, bc_reader, bc_signer,
    bc_sign_on;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA bc FROM PUBLIC, bc_owner, bc_ui, bc_poller, bc_runner, bc_keeper, bc_reader, bc_signer,
    bc_sign_on;
REVOKE ALL ON SCHEMA bc FROM PUBLIC, bc_owner, bc_ui, bc_poller, bc_runner, bc_keeper, bc_reader, bc_signer,
    bc_sign_on;

GRANT USAGE ON SCHEMA bc TO bc_owner, bc_ui, bc_poller, bc_runner, bc_keeper, bc_reader, bc_signer,
    bc_sign_on;
GRANT SELECT ON ALL TABLES IN SCHEMA bc TO bc_ui, bc_poller, bc_runner, bc_keeper, bc_reader;
GRANT SELECT ON bc.component_beat TO bc_signer, bc_sign_on;
-- Not bc_reader and bc_signer: they have nothing to wait for, and would make others wait.
GRANT EXECUTE ON FUNCTION bc.take_turn(text) TO bc_ui, bc_runner, bc_keeper, bc_sign_on;
GRANT EXECUTE ON FUNCTION bc.now() TO bc_ui, bc_poller, bc_runner, bc_keeper, bc_reader, bc_signer, bc_sign_on;

-- bc_ui changes the inventory; it writes nothing that a poller measured.
GRANT INSERT, UPDATE, DELETE ON bc.site, bc.resource, bc.endpoint, bc.resource_group, bc.group_member, bc.group_order,
    bc.dependency, bc.channel, bc.route, bc.route_channel TO bc_ui;
GRANT UPDATE ON bc.inventory_revision TO bc_ui;
GRANT INSERT (revision, at, actor, summary, before, after) ON bc.inventory_change TO bc_ui;
GRANT EXECUTE ON FUNCTION bc.config_parts(jsonb), bc.config_changed(jsonb, jsonb) TO bc_ui;  -- for the audit of it

-- bc_poller records; it changes neither the inventory nor a message that is written.
GRANT INSERT ON bc.observation, bc.status_change, bc.outbox TO bc_poller;
GRANT INSERT, UPDATE ON bc.current_status, bc.trend_minute, bc.trend_hour, bc.lease TO bc_poller;

-- bc_runner holds leases and tells people.
GRANT INSERT, UPDATE ON bc.lease TO bc_runner;
GRANT INSERT ON bc.outbox TO bc_runner;

-- bc_keeper delivers, and makes and drops partitions through functions that are limited by age.
GRANT UPDATE (due_at, claimed_until, attempts, delivered_at, dead_at, last_error) ON bc.outbox TO bc_keeper;
GRANT EXECUTE ON FUNCTION bc.ensure_partitions(integer), bc.drop_old(integer, integer) TO bc_keeper;

GRANT INSERT, UPDATE ON bc.component_beat TO bc_poller, bc_runner, bc_keeper, bc_signer, bc_sign_on;  -- its own rows: guards/beats.sql

-- bc_owner sees that the schema is this version's and makes partitions; it owns and writes nothing (sql/superuser/guards.sql).
GRANT SELECT ON bc.schema_version TO bc_owner;
GRANT EXECUTE ON FUNCTION bc.ensure_partitions(integer) TO bc_owner;
