-- What leaves the business, once: a row is written before a call is made or a message is sent, and settled after. A row that stayed
-- `sending` is of a server that died in between: what became of it is unknown, and it is reported, never sent again.
CREATE TABLE IF NOT EXISTS outbox (
    id uuid PRIMARY KEY,
    channel text NOT NULL CHECK (channel IN ('call', 'sms', 'email')),
    tool text NOT NULL,
    recipients text[] NOT NULL,
    idempotency_key varchar(128),
    arguments_hash text NOT NULL,
    status text NOT NULL DEFAULT 'sending' CHECK (status IN ('sending', 'sent', 'failed', 'unknown')),
    provider text,
    -- The provider's id for what was sent.
    provider_ref varchar(256),
    -- What the tool answered.
    outcome jsonb,
    error text,
    contact_id uuid REFERENCES contacts (id) ON DELETE SET NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    settled_at timestamptz
);

CREATE UNIQUE INDEX IF NOT EXISTS outbox_idempotency ON outbox (tool, idempotency_key) WHERE idempotency_key IS NOT NULL;
-- How much has left today.
CREATE INDEX IF NOT EXISTS outbox_channel_created_at ON outbox (channel, created_at DESC);
CREATE INDEX IF NOT EXISTS outbox_contact_id ON outbox (contact_id) WHERE contact_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS outbox_unsettled ON outbox (created_at) WHERE status IN ('sending', 'unknown');
