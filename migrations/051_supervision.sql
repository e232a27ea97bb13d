-- A yes is given to one business: the same words of another one are another request.
ALTER TABLE approvals ADD COLUMN IF NOT EXISTS business_context_id varchar(64) NOT NULL DEFAULT '';
-- The caller that carries it out, so that one whose connection was lost meanwhile can give back what it may have taken.
ALTER TABLE approvals ADD COLUMN IF NOT EXISTS claimed_by uuid;

DROP INDEX IF EXISTS approvals_key;
DROP INDEX IF EXISTS approvals_keyless;
CREATE UNIQUE INDEX IF NOT EXISTS approvals_key_of_business
    ON approvals (server, tool, business_context_id, idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE UNIQUE INDEX IF NOT EXISTS approvals_keyless_of_business
    ON approvals (server, tool, business_context_id, arguments_hash) WHERE idempotency_key IS NULL AND told_at IS NULL;

-- What time can still do something to, however many have ended.
CREATE INDEX IF NOT EXISTS approvals_open ON approvals (expires_at) WHERE status IN ('pending', 'approved', 'running');
CREATE INDEX IF NOT EXISTS audit_log_outcome ON audit_log (outcome, called_at DESC);
