-- What happens only after a person's yes: the exact call, who decided, and what became of it.
CREATE TABLE IF NOT EXISTS approvals (
    id uuid PRIMARY KEY,
    server text NOT NULL,
    tool text NOT NULL,
    -- As they were given; what runs is this, and nothing that comes later.
    arguments jsonb NOT NULL,
    -- Of the arguments without the key.
    arguments_hash text NOT NULL,
    idempotency_key varchar(128),
    client_name text,
    client_version text,
    status text NOT NULL DEFAULT 'pending'
        CHECK (status IN ('pending', 'approved', 'denied', 'expired', 'running', 'done', 'unknown')),
    requested_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL DEFAULT now() + interval '1 day',
    decided_at timestamptz,
    decided_by text,
    -- While it runs, until when its server counts as alive without another sign.
    alive_until timestamptz,
    -- What the tool answered: {"structured": …} or {"failure": …}.
    outcome jsonb,
    settled_at timestamptz,
    -- When the caller learnt how it ended. A call without a key is the same call until then.
    told_at timestamptz
);

CREATE UNIQUE INDEX IF NOT EXISTS approvals_key ON approvals (server, tool, idempotency_key)
    WHERE idempotency_key IS NOT NULL;
CREATE UNIQUE INDEX IF NOT EXISTS approvals_keyless ON approvals (server, tool, arguments_hash)
    WHERE idempotency_key IS NULL AND told_at IS NULL;
CREATE INDEX IF NOT EXISTS approvals_waiting ON approvals (requested_at) WHERE status = 'pending';
CREATE INDEX IF NOT EXISTS approvals_requested_at ON approvals (requested_at DESC);

-- What the tools were made to do. Nothing refers to these rows: old ones may be deleted.
CREATE TABLE IF NOT EXISTS audit_log (
    id uuid PRIMARY KEY,
    called_at timestamptz NOT NULL,
    server text NOT NULL,
    client_name text,
    client_version text,
    tool text NOT NULL,
    -- Without bodies and secrets.
    arguments jsonb NOT NULL,
    -- success, pending, denied, replayed, or the code of the error.
    outcome text NOT NULL,
    milliseconds double precision NOT NULL,
    approval_id uuid
);

CREATE INDEX IF NOT EXISTS audit_log_called_at ON audit_log (called_at DESC, id DESC);
CREATE INDEX IF NOT EXISTS audit_log_tool ON audit_log (tool, called_at DESC);
