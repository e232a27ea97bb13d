-- What each new contact costs.

-- As in 037, but what nobody else has goes in as it is: ON CONFLICT looks into every unique index a second time. Where somebody else
-- has one of them, the statement starts over with it.
CREATE OR REPLACE FUNCTION atlas_contacts_inserted() RETURNS trigger
LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    identifying bigint;
BEGIN
    BEGIN
        INSERT INTO contact_identities (contact_id, kind, value, business_context_id)
        SELECT n.id, e.kind, e.value, coalesce(n.business_context_id, '')
        FROM new_contacts n CROSS JOIN LATERAL atlas_identities(n.phones, n.emails, n.phone_e164, n.email_normalized) e
        WHERE e.strong;
        GET DIAGNOSTICS identifying = ROW_COUNT;
    EXCEPTION WHEN unique_violation THEN
        INSERT INTO contact_identities (contact_id, kind, value, business_context_id)
        SELECT n.id, e.kind, e.value, coalesce(n.business_context_id, '')
        FROM new_contacts n CROSS JOIN LATERAL atlas_identities(n.phones, n.emails, n.phone_e164, n.email_normalized) e
        WHERE e.strong ORDER BY e.claimed DESC
        ON CONFLICT DO NOTHING;
        GET DIAGNOSTICS identifying = ROW_COUNT;
    END;
    IF identifying = (SELECT sum(cardinality(phones) + cardinality(emails)) FROM new_contacts) THEN
        RETURN NULL;
    END IF;
    -- What another contact has, and what is no identity; the key of the table leaves out what the statement above has put in.
    INSERT INTO contact_identities (contact_id, kind, value, business_context_id, identifies)
    SELECT n.id, e.kind, e.value, coalesce(n.business_context_id, ''), false
    FROM new_contacts n CROSS JOIN LATERAL atlas_identities(n.phones, n.emails, n.phone_e164, n.email_normalized) e
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$$;

-- As in 050, but a plan that was made while there were few words goes to each one's place in the index all the same: OFFSET keeps the
-- look a look of its own.
CREATE OR REPLACE FUNCTION atlas_contacts_words() RETURNS trigger
LANGUAGE plpgsql SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
BEGIN
    INSERT INTO contact_words (word)
    SELECT d.word
    FROM (
        SELECT DISTINCT left(u.word, 60) AS word FROM new_contacts n, unnest(string_to_array(n.search_name, ' ')) AS u (word)
        WHERE u.word <> ''
    ) d
    WHERE NOT EXISTS (SELECT FROM contact_words w WHERE w.word = d.word OFFSET 0);
    RETURN NULL;
END
$$;

-- Identities are written by the triggers of contacts alone, in the statement that writes the contact: a foreign key would look each of
-- them up and lock its contact once more. They leave with the contact as before.
CREATE OR REPLACE FUNCTION atlas_contacts_deleted() RETURNS trigger
LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        TRUNCATE contact_identities;
    ELSE
        DELETE FROM contact_identities i USING old_contacts o WHERE i.contact_id = o.id;
    END IF;
    RETURN NULL;
END
$$;
CREATE OR REPLACE TRIGGER atlas_contacts_deleted AFTER DELETE ON contacts
    REFERENCING OLD TABLE AS old_contacts FOR EACH STATEMENT EXECUTE FUNCTION atlas_contacts_deleted();
CREATE OR REPLACE TRIGGER atlas_contacts_truncated AFTER TRUNCATE ON contacts
    FOR EACH STATEMENT EXECUTE FUNCTION atlas_contacts_deleted();
ALTER TABLE contact_identities DROP CONSTRAINT IF EXISTS contact_identities_contact_id_fkey;

-- Numbers and addresses are compared octet by octet, not by the rules of a language, and what tells two of them apart comes first in
-- an index: a step on the way to a row is one comparison then, not three.
DROP INDEX IF EXISTS contact_identities_value, contacts_phone_identity, contacts_email_identity;
ALTER TABLE contact_identities
    ALTER COLUMN kind TYPE text COLLATE "C",
    ALTER COLUMN value TYPE text COLLATE "C",
    ALTER COLUMN business_context_id TYPE varchar(64) COLLATE "C";
ALTER TABLE contacts
    ALTER COLUMN phone_e164 TYPE varchar(32) COLLATE "C",
    ALTER COLUMN email_normalized TYPE varchar(256) COLLATE "C";
CREATE UNIQUE INDEX contact_identities_value ON contact_identities (value, kind, business_context_id) WHERE identifies;
CREATE UNIQUE INDEX contacts_phone_identity ON contacts (phone_e164, coalesce(business_context_id, ''))
    WHERE phone_e164 IS NOT NULL;
CREATE UNIQUE INDEX contacts_email_identity ON contacts (email_normalized, coalesce(business_context_id, ''))
    WHERE email_normalized IS NOT NULL;

-- The reference system's own indexes serve its servers' queries. Where they have never been, nobody asks them, and each costs every
-- contact that is written: none of Atlas's queries uses one.
DO $$
BEGIN
    IF to_regclass('schema_migrations') IS NULL THEN
        DROP INDEX IF EXISTS idx_contacts_name_fts, idx_contacts_phone, idx_contacts_email, idx_contacts_business_context,
            idx_contacts_status;
    END IF;
END
$$;
