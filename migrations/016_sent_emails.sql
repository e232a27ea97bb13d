-- What left by e-mail.
CREATE TABLE IF NOT EXISTS sent_emails (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    to_addresses text[] NOT NULL,
    cc_addresses text[] DEFAULT '{}',
    subject text NOT NULL,
    body text NOT NULL,
    template_type varchar(32),
    session_id uuid,
    user_id uuid,
    attachments text[] DEFAULT '{}',
    resend_message_id varchar(128),
    sent_at timestamptz NOT NULL DEFAULT current_timestamp,
    metadata jsonb DEFAULT '{}'::jsonb
);

CREATE INDEX IF NOT EXISTS idx_sent_emails_sent_at ON sent_emails (sent_at DESC);
CREATE INDEX IF NOT EXISTS idx_sent_emails_to ON sent_emails USING gin (to_addresses);
CREATE INDEX IF NOT EXISTS idx_sent_emails_template ON sent_emails (template_type, sent_at DESC)
    WHERE template_type IS NOT NULL;
