-- Exact totals without counting. Each (context, status, type) has as many rows as there were writers at once; a writer adds to one
-- that nobody else holds, so writers never wait for each other, and the total is the sum.
LOCK TABLE contacts IN SHARE ROW EXCLUSIVE MODE;

CREATE TABLE IF NOT EXISTS contact_counts (
    business_context_id varchar(64) NOT NULL DEFAULT '',
    status varchar(32) NOT NULL,
    contact_type varchar(32) NOT NULL,
    count bigint NOT NULL
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

-- `count` is in no index, so that an update stays in its page.
CREATE INDEX IF NOT EXISTS contact_counts_key ON contact_counts (business_context_id, status, contact_type);

CREATE OR REPLACE FUNCTION atlas_count_contacts(of_context text, of_status text, of_type text, delta bigint) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    place tid;
BEGIN
    -- In a stricter isolation a row that changed since the snapshot would be an error for the writer: it gets a row of its own.
    IF current_setting('transaction_isolation') = 'read committed' THEN
        SELECT ctid INTO place FROM contact_counts
        WHERE business_context_id = of_context AND status = of_status AND contact_type = of_type
        LIMIT 1 FOR UPDATE SKIP LOCKED;
    END IF;
    IF place IS NOT NULL THEN
        UPDATE contact_counts SET count = count + delta WHERE ctid = place;
    ELSE
        INSERT INTO contact_counts VALUES (of_context, of_status, of_type, delta);
    END IF;
END
$$;

CREATE OR REPLACE FUNCTION atlas_contacts_count() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM atlas_count_contacts(coalesce(business_context_id, ''), status, contact_type, count(*))
        FROM new_contacts GROUP BY business_context_id, status, contact_type;
    ELSIF TG_OP = 'DELETE' THEN
        PERFORM atlas_count_contacts(coalesce(business_context_id, ''), status, contact_type, -count(*))
        FROM old_contacts GROUP BY business_context_id, status, contact_type;
    ELSIF TG_OP = 'UPDATE' THEN
        PERFORM atlas_count_contacts(coalesce(business_context_id, ''), status, contact_type, sum(step)::bigint)
        FROM (
            SELECT business_context_id, status, contact_type, 1 AS step FROM new_contacts
            UNION ALL
            SELECT business_context_id, status, contact_type, -1 FROM old_contacts
        ) steps
        GROUP BY business_context_id, status, contact_type HAVING sum(step) <> 0;
    ELSE
        DELETE FROM contact_counts;
    END IF;
    RETURN NULL;
END
$$;

INSERT INTO contact_counts (business_context_id, status, contact_type, count)
SELECT coalesce(business_context_id, ''), status, contact_type, count(*) FROM contacts
WHERE NOT EXISTS (SELECT FROM contact_counts)
GROUP BY 1, 2, 3;

CREATE OR REPLACE TRIGGER atlas_contacts_count_insert AFTER INSERT ON contacts
    REFERENCING NEW TABLE AS new_contacts FOR EACH STATEMENT EXECUTE FUNCTION atlas_contacts_count();
CREATE OR REPLACE TRIGGER atlas_contacts_count_update AFTER UPDATE ON contacts
    REFERENCING OLD TABLE AS old_contacts NEW TABLE AS new_contacts
    FOR EACH STATEMENT EXECUTE FUNCTION atlas_contacts_count();
CREATE OR REPLACE TRIGGER atlas_contacts_count_delete AFTER DELETE ON contacts
    REFERENCING OLD TABLE AS old_contacts FOR EACH STATEMENT EXECUTE FUNCTION atlas_contacts_count();
CREATE OR REPLACE TRIGGER atlas_contacts_count_truncate AFTER TRUNCATE ON contacts
    FOR EACH STATEMENT EXECUTE FUNCTION atlas_contacts_count();

-- Pages of list_contacts, in their order; the type last, so that a filter on it is answered inside the index.
CREATE INDEX IF NOT EXISTS contacts_recent ON contacts (status, updated_at DESC, id, contact_type);
CREATE INDEX IF NOT EXISTS contacts_recent_in_context
    ON contacts (business_context_id, status, updated_at DESC, id, contact_type);
CREATE INDEX IF NOT EXISTS contacts_tags ON contacts USING gin (tags);
