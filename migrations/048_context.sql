-- What is known of a customer, asked for in one exchange: what its statements need beyond the indexes that are there.

-- Calls of a contact that asked for a follow-up, the newest first.
CREATE INDEX IF NOT EXISTS call_transcripts_to_follow_up ON call_transcripts (contact_id, created_at DESC, id)
    WHERE contact_id IS NOT NULL AND extracted_data @> '{"follow_up_needed": true}';
-- Phone numbers by their beginning, as somebody types one. The C collation, so that LIKE can walk it in any database.
CREATE INDEX IF NOT EXISTS contact_identities_phone_beginning ON contact_identities (value COLLATE "C") WHERE kind = 'phone';
