-- Calls: what was said, and what was understood of it.
CREATE TABLE IF NOT EXISTS call_transcripts (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    call_sid varchar(128) NOT NULL,
    from_number varchar(32) NOT NULL,
    to_number varchar(32) NOT NULL,
    business_context_id varchar(64) NOT NULL,
    duration_seconds integer,
    transcript text,
    transcribed_at timestamptz,
    summary text,
    extracted_data jsonb DEFAULT '{}'::jsonb,
    proposed_actions jsonb DEFAULT '[]'::jsonb,
    processed_at timestamptz,
    status varchar(32) NOT NULL DEFAULT 'pending',
    error_message text,
    notified boolean DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT current_timestamp
);

CREATE INDEX IF NOT EXISTS idx_call_transcripts_call_sid ON call_transcripts (call_sid);
CREATE INDEX IF NOT EXISTS idx_call_transcripts_status ON call_transcripts (status);
CREATE INDEX IF NOT EXISTS idx_call_transcripts_created ON call_transcripts (created_at DESC);
CREATE INDEX IF NOT EXISTS idx_call_transcripts_context ON call_transcripts (business_context_id, created_at DESC);
