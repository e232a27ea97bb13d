-- A row of sent_emails is there before its message leaves, and is settled after: what Atlas writes has the id of its outbox row. Rows
-- of servers that know nothing of it were written after the send, and so count as sent.
ALTER TABLE sent_emails
    ADD COLUMN IF NOT EXISTS status text NOT NULL DEFAULT 'sent' CHECK (status IN ('sending', 'sent', 'failed', 'unknown')),
    -- Without angle brackets.
    ADD COLUMN IF NOT EXISTS message_id text,
    -- Which one served: smtp, gmail or resend.
    ADD COLUMN IF NOT EXISTS provider text,
    ADD COLUMN IF NOT EXISTS from_address text,
    ADD COLUMN IF NOT EXISTS bcc_addresses text[] DEFAULT '{}',
    ADD COLUMN IF NOT EXISTS reply_to text,
    -- The Message-ID that this one answers.
    ADD COLUMN IF NOT EXISTS in_reply_to text,
    -- The recipients that the provider took, and those that it did not.
    ADD COLUMN IF NOT EXISTS accepted text[],
    ADD COLUMN IF NOT EXISTS rejected text[],
    ADD COLUMN IF NOT EXISTS error text,
    ADD COLUMN IF NOT EXISTS business_context_id varchar(64),
    ADD COLUMN IF NOT EXISTS settled_at timestamptz;

-- What went to somebody, openly or not. idx_sent_emails_sent_at and idx_sent_emails_template (016) give the history in its order.
CREATE INDEX IF NOT EXISTS sent_emails_recipients ON sent_emails
    USING gin ((to_addresses || cc_addresses || bcc_addresses));
-- What a server that died left behind.
CREATE INDEX IF NOT EXISTS sent_emails_unsettled ON sent_emails (sent_at) WHERE status IN ('sending', 'unknown');
