-- Whose a call was.
ALTER TABLE call_transcripts ADD COLUMN IF NOT EXISTS contact_id uuid REFERENCES contacts (id) ON DELETE SET NULL;
CREATE INDEX IF NOT EXISTS idx_call_transcripts_contact_id ON call_transcripts (contact_id) WHERE contact_id IS NOT NULL;
