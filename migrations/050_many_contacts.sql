-- What writing many contacts at once needs.

-- A writer that knows search_name (an import computes it in its own statement) need not enter the trigger for each row. Those that do
-- not know the column leave it blank.
CREATE OR REPLACE TRIGGER atlas_contacts_insert BEFORE INSERT ON contacts
    FOR EACH ROW WHEN (NEW.search_name = '') EXECUTE FUNCTION atlas_contacts_before();

-- Each word is looked up once, however many names have it; and only in the index: a connection keeps the plan, and one that was made
-- when the tables were empty would read all words for every contact that is written.
CREATE OR REPLACE FUNCTION atlas_contacts_words() RETURNS trigger
LANGUAGE plpgsql SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
BEGIN
    INSERT INTO contact_words (word)
    SELECT d.word
    FROM (
        SELECT DISTINCT left(u.word, 60) AS word FROM new_contacts n, unnest(string_to_array(n.search_name, ' ')) AS u (word)
        WHERE u.word <> ''
    ) d
    WHERE NOT EXISTS (SELECT FROM contact_words w WHERE w.word = d.word);
    RETURN NULL;
END
$$;

-- As in 037, but a contact that moves into a business with the phone that it has lists it once: one that is no complete number, or an
-- address that is none, was listed a second time.
CREATE OR REPLACE FUNCTION atlas_contacts_before() RETURNS trigger
LANGUAGE plpgsql SET enable_seqscan = off AS $$
#variable_conflict use_variable
DECLARE
    its_context text := coalesce(NEW.business_context_id, '');
    moved boolean;
    its_phone text;
    its_email text;
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.search_name := atlas_search_name(NEW.full_name);
        IF NEW.phones <> '{}' OR NEW.emails <> '{}' OR NEW.phone_e164 IS NOT NULL OR NEW.email_normalized IS NOT NULL THEN
            RETURN NEW;
        END IF;
        NEW.phones := '{}';
        NEW.emails := '{}';
        moved := true;
    ELSE
        IF NEW.full_name <> OLD.full_name OR NEW.search_name IS NULL THEN
            NEW.search_name := atlas_search_name(NEW.full_name);
        END IF;
        IF (NEW.phones, NEW.emails, NEW.phone_e164, NEW.email_normalized)
            IS DISTINCT FROM (OLD.phones, OLD.emails, OLD.phone_e164, OLD.email_normalized) OR NEW.metadata ? 'merged_into' THEN
            RETURN NEW;
        END IF;
        moved := NEW.business_context_id IS DISTINCT FROM OLD.business_context_id;
    END IF;

    IF NEW.phone IS DISTINCT FROM OLD.phone OR moved THEN
        its_phone := atlas_phone_e164(NEW.phone, coalesce((SELECT value FROM atlas_settings WHERE name = 'calling_code'), '1'));
        IF its_phone IS NULL AND TG_OP = 'UPDATE' AND OLD.phone_e164 IS NOT NULL
            AND regexp_replace(NEW.phone, '[^0-9]', '', 'g') = regexp_replace(OLD.phone, '[^0-9]', '', 'g') THEN
            its_phone := OLD.phone_e164;
        END IF;
    END IF;
    IF NEW.email IS DISTINCT FROM OLD.email OR moved THEN
        its_email := atlas_email(NEW.email);
    END IF;
    -- A transaction of many rows holds the one lock for all soon.
    IF (its_phone IS NOT NULL OR its_email IS NOT NULL) AND current_setting('atlas.identity_locks', true) IS DISTINCT FROM '-1' THEN
        BEGIN
            PERFORM atlas_lock_identities(array_remove(ARRAY['phone:' || its_phone, 'email:' || its_email], NULL));
        EXCEPTION WHEN deadlock_detected OR lock_not_available OR out_of_memory THEN
            its_phone := NULL;
            its_email := NULL;
        END;
    END IF;

    IF NEW.phone IS DISTINCT FROM OLD.phone OR moved THEN
        NEW.phone_e164 := CASE
            WHEN its_phone IS NOT NULL
                AND NOT EXISTS (
                    SELECT FROM contact_identities i
                    WHERE i.business_context_id = its_context AND i.kind = 'phone' AND i.value = its_phone AND i.identifies
                        AND i.contact_id <> NEW.id)
                AND NOT EXISTS (
                    SELECT FROM contacts c
                    WHERE coalesce(c.business_context_id, '') = its_context AND c.phone_e164 = its_phone AND c.id <> NEW.id)
            THEN its_phone
        END;
        NEW.phones := array_remove(ARRAY[coalesce(its_phone, nullif(btrim(NEW.phone), ''))], NULL)
            || array_remove(array_remove(NEW.phones, CASE WHEN NEW.phone IS DISTINCT FROM OLD.phone THEN OLD.phones[1] ELSE NEW.phones[1] END), its_phone);
    END IF;
    IF NEW.email IS DISTINCT FROM OLD.email OR moved THEN
        NEW.email_normalized := CASE
            WHEN its_email IS NOT NULL
                AND NOT EXISTS (
                    SELECT FROM contact_identities i
                    WHERE i.business_context_id = its_context AND i.kind = 'email' AND i.value = its_email AND i.identifies
                        AND i.contact_id <> NEW.id)
                AND NOT EXISTS (
                    SELECT FROM contacts c
                    WHERE coalesce(c.business_context_id, '') = its_context AND c.email_normalized = its_email AND c.id <> NEW.id)
            THEN its_email
        END;
        NEW.emails := array_remove(ARRAY[coalesce(its_email, nullif(btrim(NEW.email), ''))], NULL)
            || array_remove(array_remove(NEW.emails, CASE WHEN NEW.email IS DISTINCT FROM OLD.email THEN OLD.emails[1] ELSE NEW.emails[1] END), its_email);
    END IF;
    RETURN NEW;
END
$$;
