"""The inventory: what is watched, and every change of it (FR-001, FR-003)."""

from __future__ import annotations

from alembic import op

from bc_lib.store.script import run_script

revision = "0001"
down_revision = None

CLOCK = """
CREATE FUNCTION bc.now() RETURNS timestamptz LANGUAGE sql VOLATILE PARALLEL SAFE
    AS 'SELECT pg_catalog.clock_timestamp()';
COMMENT ON FUNCTION bc.now() IS 'The clock that decides expiry and leases. Only test databases replace it.';

CREATE DOMAIN bc.name AS text CHECK (length(VALUE) <= 63 AND VALUE ~ '^[a-z][a-z0-9]*(-[a-z0-9]+)*$');
CREATE DOMAIN bc.line AS text CHECK (length(VALUE) BETWEEN 1 AND 200 AND VALUE !~ '[[:cntrl:]]');
CREATE DOMAIN bc.environment AS text CHECK (VALUE IN ('prod', 'staging', 'test', 'dev', 'demo'));
CREATE DOMAIN bc.seconds AS double precision CHECK (VALUE > 0 AND VALUE < 'Infinity');

CREATE TABLE bc.instance (
    incarnation integer PRIMARY KEY CHECK (incarnation > 0),
    id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    since timestamptz NOT NULL DEFAULT bc.now(),
    reason text NOT NULL
);
COMMENT ON TABLE bc.instance IS 'Incarnations of this database: a new row after each promotion or restore of it.';
INSERT INTO bc.instance (incarnation, reason) VALUES (1, 'created');
"""

INVENTORY = """
CREATE TABLE bc.site (
    name bc.name PRIMARY KEY,
    title bc.line NOT NULL,
    position integer NOT NULL
);

CREATE TABLE bc.resource (
    name bc.name PRIMARY KEY,
    platform text NOT NULL CHECK (platform IN ('postgresql', 'http')),
    tier smallint NOT NULL CHECK (tier IN (1, 2)),
    environment bc.environment NOT NULL,
    owner bc.line NOT NULL,
    home_site bc.name NOT NULL REFERENCES bc.site,
    dr_site bc.name NOT NULL REFERENCES bc.site,
    interval_s bc.seconds NOT NULL,
    rpo_s bc.seconds,
    lag_warn_s bc.seconds,
    lag_critical_s bc.seconds,
    retained_wal_warn_bytes bigint CHECK (retained_wal_warn_bytes > 0),
    latency_warn_s bc.seconds,
    long_transaction_warn_s bc.seconds,
    alert_after_s double precision CHECK (alert_after_s >= 0 AND alert_after_s < 'Infinity'),
    heartbeat_interval_s bc.seconds,
    notes text NOT NULL DEFAULT '',
    position integer NOT NULL,
    CONSTRAINT two_sites CHECK (home_site <> dr_site),
    CONSTRAINT warn_before_critical CHECK (lag_warn_s <= lag_critical_s)
);
COMMENT ON TABLE bc.resource IS 'One replicated database or application dependency. Seconds and bytes.';

CREATE TABLE bc.endpoint (
    resource bc.name NOT NULL REFERENCES bc.resource ON DELETE CASCADE,
    node bc.name NOT NULL,
    site bc.name NOT NULL REFERENCES bc.site,
    host text CHECK (length(host) <= 255),
    port integer CHECK (port BETWEEN 1 AND 65535),
    database text,
    secret text CHECK (secret ~ '^(env|vault):'),
    tls text NOT NULL CHECK (tls IN ('verify-full', 'verify-ca', 'disable')),
    ca_file text,
    url text,
    json_field text,
    position integer NOT NULL,
    PRIMARY KEY (resource, node),
    CONSTRAINT host_or_url CHECK (num_nonnulls(host, url) = 1 AND (host IS NULL) = (port IS NULL))
);
COMMENT ON COLUMN bc.endpoint.secret IS 'A reference, never a value (SEC-005).';

CREATE TABLE bc.resource_group (
    name bc.name PRIMARY KEY,
    tier smallint NOT NULL CHECK (tier IN (1, 2)),
    owner bc.line NOT NULL,
    rpo_s bc.seconds,
    position integer NOT NULL
);

CREATE TABLE bc.group_member (
    group_name bc.name NOT NULL REFERENCES bc.resource_group ON DELETE CASCADE,
    resource bc.name NOT NULL REFERENCES bc.resource ON DELETE CASCADE,
    position integer NOT NULL,
    PRIMARY KEY (group_name, resource)
);

CREATE TABLE bc.group_order (
    group_name bc.name NOT NULL,
    resource bc.name NOT NULL,
    after bc.name NOT NULL,
    position integer NOT NULL,
    PRIMARY KEY (group_name, resource, after),
    FOREIGN KEY (group_name, resource) REFERENCES bc.group_member ON DELETE CASCADE,
    FOREIGN KEY (group_name, after) REFERENCES bc.group_member ON DELETE CASCADE,
    CHECK (resource <> after)
);

CREATE TABLE bc.dependency (
    resource bc.name NOT NULL REFERENCES bc.resource ON DELETE CASCADE,
    position integer NOT NULL,
    on_resource bc.name REFERENCES bc.resource ON DELETE CASCADE,
    on_group bc.name REFERENCES bc.resource_group ON DELETE CASCADE,
    PRIMARY KEY (resource, position),
    UNIQUE NULLS NOT DISTINCT (resource, on_resource, on_group),
    CONSTRAINT one_target CHECK (num_nonnulls(on_resource, on_group) = 1 AND on_resource IS DISTINCT FROM resource)
);

CREATE TABLE bc.channel (
    name bc.name PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('mail', 'webhook', 'chat', 'pager')),
    url text NOT NULL,
    production boolean NOT NULL,
    position integer NOT NULL
);

CREATE TABLE bc.route (
    position integer PRIMARY KEY,
    tiers smallint[] NOT NULL CHECK (tiers <@ ARRAY[1, 2]::smallint[] AND cardinality(tiers) > 0),
    environments text[] NOT NULL
        CHECK (environments <@ ARRAY['prod', 'staging', 'test', 'dev', 'demo'] AND cardinality(environments) > 0)
);

CREATE TABLE bc.route_channel (
    route integer NOT NULL REFERENCES bc.route ON DELETE CASCADE,
    channel bc.name NOT NULL REFERENCES bc.channel ON DELETE CASCADE,
    position integer NOT NULL,
    PRIMARY KEY (route, channel)
);

CREATE TABLE bc.inventory_revision (
    singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
    revision bigint NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT bc.now()
);
INSERT INTO bc.inventory_revision (revision) VALUES (0);

CREATE TABLE bc.inventory_change (
    revision bigint PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT bc.now(),
    actor text NOT NULL CHECK (actor <> ''),
    summary text NOT NULL,
    before jsonb NOT NULL,
    after jsonb NOT NULL
);
COMMENT ON TABLE bc.inventory_change IS 'Who changed the inventory, when, and the whole state before and after.';
"""


def upgrade() -> None:
    """Clock, names, inventory."""
    run_script(op.get_bind(), CLOCK)
    run_script(op.get_bind(), INVENTORY)
