-- The work on a call: who does it, how far it has come, and where it failed. Servers that do not know these columns go on writing
-- rows without them.
ALTER TABLE call_transcripts
    ADD COLUMN IF NOT EXISTS direction varchar(16),
    ADD COLUMN IF NOT EXISTS started_at timestamptz,
    ADD COLUMN IF NOT EXISTS recording_sid varchar(128),
    -- While the status is 'error'.
    ADD COLUMN IF NOT EXISTS failed_step varchar(32),
    -- Who works on the call, and until when nobody else may.
    ADD COLUMN IF NOT EXISTS worker uuid,
    ADD COLUMN IF NOT EXISTS claimed_until timestamptz,
    ADD COLUMN IF NOT EXISTS linked_at timestamptz,
    -- The customer's end of a linked call, E.164.
    ADD COLUMN IF NOT EXISTS customer_line varchar(32),
    -- Whether this is the row of its call. The reference's servers may write several of one call; ours take the oldest and mark it.
    ADD COLUMN IF NOT EXISTS is_primary boolean NOT NULL DEFAULT false;

CREATE UNIQUE INDEX IF NOT EXISTS call_transcripts_primary ON call_transcripts (call_sid) WHERE is_primary;

-- Pages of list_call_transcripts, in their order.
CREATE INDEX IF NOT EXISTS call_transcripts_of_contact ON call_transcripts (contact_id, created_at DESC, id)
    WHERE contact_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS call_transcripts_of_status ON call_transcripts (status, created_at DESC, id);
-- Calls whose work is not done.
CREATE INDEX IF NOT EXISTS call_transcripts_unfinished ON call_transcripts (created_at, id)
    WHERE status IN ('pending', 'transcribing', 'extracting');
-- Who has spoken on a line.
CREATE INDEX IF NOT EXISTS call_transcripts_line ON call_transcripts (customer_line, contact_id)
    WHERE customer_line IS NOT NULL AND contact_id IS NOT NULL;
