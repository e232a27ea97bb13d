-- Doing things once: the first outcome of a call that came with a key. A row without an outcome is a call that is still running,
-- or ended with its server.
CREATE TABLE IF NOT EXISTS idempotency_keys (
    tool text NOT NULL,
    key varchar(128) NOT NULL,
    arguments_hash text NOT NULL,
    outcome jsonb,
    created_at timestamptz NOT NULL DEFAULT now(),
    settled_at timestamptz,
    PRIMARY KEY (tool, key)
);

CREATE INDEX IF NOT EXISTS idempotency_keys_created_at ON idempotency_keys (created_at);
