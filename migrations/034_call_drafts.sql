-- Drafts (of a reply, an estimate …) prepared from a call.
ALTER TABLE call_transcripts ADD COLUMN IF NOT EXISTS drafts jsonb DEFAULT '{}'::jsonb;
