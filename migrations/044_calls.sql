-- The work on a call: who does it, how far it has come, and where it failed. All of it is ours: rows that other programs write do
-- without.
ALTER TABLE call_transcripts
    ADD COLUMN IF NOT EXISTS direction varchar(16),
    ADD COLUMN IF NOT EXISTS started_at timestamptz,
    -- The step that failed, when the status is 'error'.
    ADD COLUMN IF NOT EXISTS failed_step varchar(32),
    -- Who works on the call, and until when the others leave it alone.
    ADD COLUMN IF NOT EXISTS worker uuid,
    ADD COLUMN IF NOT EXISTS claimed_until timestamptz,
    ADD COLUMN IF NOT EXISTS linked_at timestamptz,
    -- The customer's end of a linked call, as E.164.
    ADD COLUMN IF NOT EXISTS customer_line varchar(32),
    -- The call_sid again, in the one row of a call that we work on: other programs may have written several.
    ADD COLUMN IF NOT EXISTS worked_call_sid varchar(128);

CREATE UNIQUE INDEX IF NOT EXISTS call_transcripts_worked ON call_transcripts (worked_call_sid)
    WHERE worked_call_sid IS NOT NULL;
-- A contact's calls, and those that stand alike, the newest first.
CREATE INDEX IF NOT EXISTS call_transcripts_of_contact ON call_transcripts (contact_id, created_at DESC, id)
    WHERE contact_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS call_transcripts_of_status ON call_transcripts (status, created_at DESC, id);
-- Calls whose work is not done, the oldest first.
CREATE INDEX IF NOT EXISTS call_transcripts_unfinished ON call_transcripts (created_at, id)
    WHERE status IN ('pending', 'transcribing', 'extracting');
-- Who has spoken on a line.
CREATE INDEX IF NOT EXISTS call_transcripts_of_line ON call_transcripts (customer_line, contact_id)
    WHERE customer_line IS NOT NULL AND contact_id IS NOT NULL;
