-- Where an interaction that was logged by itself comes from: 'call:CA…', 'sms:SM…'. One event is one line of the history, however
-- often and by whomever it is processed.
ALTER TABLE contact_interactions ADD COLUMN IF NOT EXISTS source_ref varchar(256);
CREATE UNIQUE INDEX IF NOT EXISTS contact_interactions_source ON contact_interactions (source_ref) WHERE source_ref IS NOT NULL;
