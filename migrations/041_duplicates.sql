-- Merging two contacts by hand, and finding who may be the same.

-- Merges `merged` into `kept`; false where one of them is missing or merged away already.
CREATE OR REPLACE FUNCTION atlas_merge_contacts(kept uuid, merged uuid) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
    rows integer;
BEGIN
    PERFORM atlas_lock_identities(ARRAY(
        SELECT kind || ':' || value FROM contact_identities WHERE contact_id IN (kept, merged)));
    PERFORM FROM contacts WHERE id IN (kept, merged) AND NOT coalesce(metadata ? 'merged_into', false) ORDER BY id FOR UPDATE;
    GET DIAGNOSTICS rows = ROW_COUNT;
    IF rows <> 2 THEN
        RETURN false;
    END IF;
    PERFORM atlas_merge_contacts(ARRAY[kept], ARRAY[merged]);
    RETURN true;
END
$$;

CREATE INDEX IF NOT EXISTS contact_identities_shared ON contact_identities (kind, value) WHERE NOT identifies;

-- Groups of contacts that may be one person: a phone or an e-mail that several have, then the same name at the same address.
CREATE OR REPLACE FUNCTION atlas_find_duplicates(most integer) RETURNS TABLE (reason text, value text, contact_ids uuid[])
LANGUAGE sql STABLE AS $$
    (
        SELECT i.kind, i.value, array_agg(DISTINCT c.id)
        FROM (SELECT DISTINCT s.kind, s.value FROM contact_identities s WHERE NOT s.identifies AND (s.kind = 'email' OR s.value ~ '^\+'))
            s (kind, value)
        JOIN contact_identities i ON i.value = s.value AND i.kind = s.kind
        JOIN contacts c ON c.id = i.contact_id AND c.status <> 'archived'
        GROUP BY i.kind, i.value HAVING count(DISTINCT c.id) > 1
        ORDER BY 1, 2 LIMIT most
    )
    UNION ALL
    (
        SELECT 'name', min(c.full_name), array_agg(c.id ORDER BY c.created_at, c.id)
        FROM contacts c
        WHERE c.status <> 'archived' AND btrim(c.address) <> ''
        GROUP BY coalesce(c.business_context_id, ''), c.search_name, lower(btrim(c.address)) HAVING count(*) > 1
        ORDER BY 2 LIMIT most
    )
    LIMIT most
$$;
