-- One person, one contact: what identifies a contact, in columns and unique indexes that hold for every writer.
-- docs/schema.md says how the parts work together. On a database that already has contacts this file normalises their
-- phones and e-mails, merges the duplicates, and keeps every row that points at them.

-- Children first, as a statement on a child locks it before the foreign key looks at its contact.
LOCK TABLE contact_interactions, appointments, call_transcripts, contacts IN ACCESS EXCLUSIVE MODE;

SELECT set_config('jit', 'off', true);
SELECT set_config('work_mem', '64MB', true) WHERE pg_size_bytes(current_setting('work_mem')) < 67108864;
SELECT set_config('maintenance_work_mem', '256MB', true)
    WHERE pg_size_bytes(current_setting('maintenance_work_mem')) < 268435456;

-- MARK: What the triggers must know of the servers' configuration

CREATE TABLE IF NOT EXISTS atlas_settings (
    name text PRIMARY KEY,
    value text NOT NULL
);

INSERT INTO atlas_settings (name, value)
VALUES
    ('calling_code', coalesce(nullif(current_setting('atlas.calling_code', true), ''), '1')),
    ('default_region', coalesce(nullif(current_setting('atlas.default_region', true), ''), 'US'))
ON CONFLICT (name) DO NOTHING;

-- MARK: Extensions

DO $$
DECLARE
    wanted text;
BEGIN
    IF current_setting('server_encoding') <> 'UTF8' THEN
        RAISE EXCEPTION 'The database is encoded in %, and Atlas needs UTF8', current_setting('server_encoding')
            USING HINT = 'Create a database with ENCODING ''UTF8'' and restore into it.';
    END IF;
    FOREACH wanted IN ARRAY ARRAY['pg_trgm', 'unaccent', 'fuzzystrmatch'] LOOP
        IF NOT EXISTS (SELECT FROM pg_extension WHERE extname = wanted) THEN
            BEGIN
                EXECUTE format('CREATE EXTENSION %I', wanted);
            EXCEPTION
                WHEN insufficient_privilege THEN
                    RAISE EXCEPTION 'Atlas needs the PostgreSQL extension %, and % may not create it', wanted, current_user
                        USING HINT = format('Let the owner of the database run: CREATE EXTENSION %I; or grant CREATE on '
                                            'the database to %I.', wanted, current_user);
                WHEN undefined_file OR feature_not_supported THEN
                    RAISE EXCEPTION 'Atlas needs the PostgreSQL extension %, which this server does not have', wanted
                        USING HINT = 'Install the contrib package of its version (Debian: postgresql-contrib).';
            END;
        END IF;
    END LOOP;
END
$$;

-- MARK: Normal forms

-- E.164 of `phone`, or null where that takes a guess. Stricter than the libphonenumber of our own servers: it speaks for rows
-- that other programs write, and a null is found by its digits.
CREATE OR REPLACE FUNCTION atlas_phone_e164(phone text, calling_code text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    number text;
BEGIN
    number := translate(phone, E' \t()-./\u00a0\u2010\u2011\u2012\u2013', '');
    -- Nearly all are one of these shapes; the rest of the function is slow.
    IF number ~ '^(\+?1)?[2-9][0-9]{9}$' AND (calling_code = '1' OR number LIKE '+%') THEN
        -- 555-555-5555: what people type into a field that wants a number. 7378742833: a withheld caller without its plus.
        IF right(number, 10) = repeat(right(number, 1), 10) OR (number = '7378742833' AND phone = number) THEN
            RETURN NULL;
        END IF;
        RETURN '+1' || right(number, 10);
    END IF;
    IF phone IS NULL OR length(number) < 8 OR phone !~ '[0-9]' THEN
        RETURN NULL;
    END IF;
    IF phone ~* '[0-9][ ,;.]*(x|ext|#)' THEN
        phone := regexp_replace(phone, '[ ,;.]*(x|ext|extn|extension|#)[ .:#]*[0-9]{1,7} *$', '', 'i');
    END IF;
    number := translate(phone, E' \t()-./\u00a0\u2010\u2011\u2012\u2013', '');
    IF number !~ '^\+?[1-9][0-9]{6,17}$' AND number !~ '^0[0-9]{8,18}$' THEN
        RETURN NULL;
    END IF;
    -- What exchanges send for withheld callers.
    IF number IN ('+266696687', '+7378742833', '+2562533', '+8656696', '+86282452253', '266696687', '2562533', '8656696',
                  '86282452253') OR (number = '7378742833' AND phone = number) THEN
        RETURN NULL;
    END IF;
    IF calling_code = '1' THEN
        IF number ~ '^[2-9][0-9]{9}$' THEN
            number := '+1' || number;
        ELSIF number ~ '^1[2-9][0-9]{9}$' THEN
            number := '+' || number;
        ELSIF number ~ '^011[2-9]' THEN
            number := '+' || substr(number, 4);
        END IF;
    ELSIF number ~ '^00[1-9]' AND calling_code ~ '^[34]' THEN
        number := '+' || substr(number, 3);
    END IF;
    IF number ~ '^\+1[2-9][0-9]{9}$' THEN
        RETURN CASE WHEN right(number, 10) <> repeat(right(number, 1), 10) THEN number END;
    END IF;
    IF number !~ '^\+[2-9][0-9]{7,14}$' OR phone ~ '\(0' THEN
        RETURN NULL;
    END IF;
    -- A trunk prefix written after the country code, or a plan with prefixes of its own inside.
    IF number ~ '^\+(7|20|27|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|(2[1-689]|35|37|38|42|50|59|6[7-9]|80|8[578]|9[679])[0-9])0'
        AND number !~ '^\+39'
        OR number ~ '^\+7' AND length(number) <> 12
        OR number ~ '^\+521' AND length(number) = 14
        OR number ~ '^\+54' AND number !~ '^\+549[0-9]{10}$' THEN
        RETURN NULL;
    END IF;
    RETURN number;
END
$$;

-- Trimmed lower case, or null for what is no address.
CREATE OR REPLACE FUNCTION atlas_email(email text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN btrim(email, E' \t\r\n') ~ '^[^@[:space:]]+@[^@[:space:]]+$' AND length(lower(email)) <= 256
        THEN lower(btrim(email, E' \t\r\n'))
    END
$$;

-- The words of a name without case, accents and punctuation. Names the extension's schema, which need not be on the search path
-- of those who fire the trigger.
DO $do$
BEGIN
    EXECUTE format(
        $f$
        CREATE OR REPLACE FUNCTION atlas_search_name(name text) RETURNS text
        LANGUAGE sql STABLE PARALLEL SAFE AS $$
            SELECT left(btrim(regexp_replace(
                lower(CASE
                    WHEN octet_length(name) = length(name) THEN translate(name, E'''`', '')
                    ELSE %1$I.unaccent(translate(normalize(name), E'''\u2019\u2018`', ''))
                END),
                E'[\\s!-/:-@\\[-`{-~\u00a0]+', ' ', 'g')), 256)
        $$
        $f$,
        (SELECT nspname FROM pg_extension JOIN pg_namespace ON pg_namespace.oid = extnamespace WHERE extname = 'unaccent'));
END
$do$;

-- MARK: Columns

-- Altering the type is what fills them: one pass over the table that also builds its indexes anew.
DO $do$
DECLARE
    code text := (SELECT value FROM atlas_settings WHERE name = 'calling_code');
    rebuilt text[];
    statement text;
BEGIN
    IF EXISTS (
        SELECT FROM pg_attribute WHERE attrelid = 'contacts'::regclass AND attname = 'phone_e164' AND NOT attisdropped
    ) THEN
        RETURN;
    END IF;
    -- The merge below touches many rows; indexes are cheaper built after it.
    SELECT array_agg(pg_get_indexdef(indexrelid)) INTO rebuilt
    FROM pg_index WHERE indrelid = 'contacts'::regclass AND NOT indisunique AND indisvalid;
    FOR statement IN
        SELECT format('DROP INDEX %s', indexrelid::regclass)
        FROM pg_index WHERE indrelid = 'contacts'::regclass AND NOT indisunique AND indisvalid
    LOOP
        EXECUTE statement;
    END LOOP;
    CREATE TEMPORARY TABLE atlas_rebuilt_indexes ON COMMIT DROP AS SELECT unnest(rebuilt) AS definition;

    ALTER TABLE contacts
        ADD COLUMN phone_e164 varchar(32),
        ADD COLUMN email_normalized varchar(256),
        ADD COLUMN phones text[],
        ADD COLUMN emails text[],
        ADD COLUMN search_name text COLLATE "C";
    EXECUTE format(
        $f$
        ALTER TABLE contacts
            ALTER COLUMN phone_e164 TYPE varchar(32) USING atlas_phone_e164(phone, %1$L),
            ALTER COLUMN email_normalized TYPE varchar(256) USING atlas_email(email),
            ALTER COLUMN phones TYPE text[] USING array_remove(ARRAY[coalesce(
                atlas_phone_e164(phone, %1$L), nullif(btrim(phone), ''))], NULL),
            ALTER COLUMN emails TYPE text[] USING array_remove(ARRAY[coalesce(
                atlas_email(email), nullif(btrim(email), ''))], NULL),
            ALTER COLUMN search_name TYPE text COLLATE "C" USING atlas_search_name(full_name)
        $f$,
        code);
    ALTER TABLE contacts
        ALTER COLUMN phones SET DEFAULT '{}', ALTER COLUMN phones SET NOT NULL,
        ALTER COLUMN emails SET DEFAULT '{}', ALTER COLUMN emails SET NOT NULL,
        ALTER COLUMN search_name SET DEFAULT '', ALTER COLUMN search_name SET NOT NULL;
    -- Not when it is empty: then a plan made now, and kept while it is filled, would read it from end to end.
    IF EXISTS (SELECT FROM contacts) THEN
        ANALYZE contacts;
    END IF;
END
$do$;

CREATE TABLE IF NOT EXISTS contact_identities (
    contact_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('phone', 'email')),
    value text NOT NULL,
    business_context_id varchar(64) NOT NULL DEFAULT '',
    identifies boolean NOT NULL DEFAULT true
);

-- MARK: Merging

-- `list` without nulls and repetitions, in its order.
CREATE OR REPLACE FUNCTION atlas_unite(list text[]) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN cardinality(list) > 1 OR list[1] IS NULL THEN ARRAY(
            SELECT entry FROM unnest(list) WITH ORDINALITY AS e (entry, place)
            WHERE entry IS NOT NULL GROUP BY entry ORDER BY min(place))
        ELSE list
    END
$$;

-- Merges each contact of `merged` into the one at the same place in `kept`; one may be kept for several. Blanks are filled, lists
-- united, what differs goes to metadata.also_known_as, rows of every table that points at the merged one are moved, and it is
-- archived with metadata.merged_into. For whole lists; the caller has locked the rows.
CREATE OR REPLACE FUNCTION atlas_merge_contacts(kept uuid[], merged uuid[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    child record;
BEGIN
    WITH pairs AS MATERIALIZED (
        SELECT p.*, m.* FROM unnest(kept, merged) WITH ORDINALITY AS p (kept, merged, place) JOIN contacts m ON m.id = p.merged
    ),
    gathered AS MATERIALIZED (
        SELECT p.kept,
            (array_agg(p.full_name ORDER BY p.place) FILTER (WHERE btrim(p.full_name) <> ''))[1] AS full_name,
            (array_agg(p.first_name ORDER BY p.place) FILTER (WHERE btrim(p.first_name) <> ''))[1] AS first_name,
            (array_agg(p.last_name ORDER BY p.place) FILTER (WHERE btrim(p.last_name) <> ''))[1] AS last_name,
            (array_agg(p.address ORDER BY p.place) FILTER (WHERE btrim(p.address) <> ''))[1] AS address,
            (array_agg(p.city ORDER BY p.place) FILTER (WHERE btrim(p.city) <> ''))[1] AS city,
            (array_agg(p.state ORDER BY p.place) FILTER (WHERE btrim(p.state) <> ''))[1] AS state,
            (array_agg(p.zip ORDER BY p.place) FILTER (WHERE btrim(p.zip) <> ''))[1] AS zip,
            (array_agg(p.source ORDER BY p.place) FILTER (WHERE btrim(p.source) <> ''))[1] AS source,
            (array_agg(p.source_ref ORDER BY p.place) FILTER (WHERE btrim(p.source_ref) <> ''))[1] AS source_ref,
            (array_agg(p.business_context_id ORDER BY p.place) FILTER (WHERE p.business_context_id IS NOT NULL))[1]
                AS business_context_id,
            (array_agg(p.phone ORDER BY p.phone_e164 IS NULL, p.place) FILTER (WHERE btrim(p.phone) <> ''))[1] AS phone,
            (array_agg(p.phone_e164 ORDER BY p.phone_e164 IS NULL, p.place) FILTER (WHERE btrim(p.phone) <> ''))[1]
                AS phone_e164,
            (array_agg(p.email ORDER BY p.email_normalized IS NULL, p.place) FILTER (WHERE btrim(p.email) <> ''))[1] AS email,
            (array_agg(p.email_normalized ORDER BY p.email_normalized IS NULL, p.place)
                FILTER (WHERE btrim(p.email) <> ''))[1] AS email_normalized,
            string_agg(nullif(p.notes, ''), E'\n' ORDER BY p.place) AS notes,
            min(CASE p.status WHEN 'active' THEN 1 WHEN 'archived' THEN 3 ELSE 2 END) AS standing
        FROM pairs p
        GROUP BY p.kept
    ),
    lists AS (
        SELECT p.kept,
            array_agg(l.entry ORDER BY p.place, l.place) FILTER (WHERE l.list = 1) AS phones,
            array_agg(l.entry ORDER BY p.place, l.place) FILTER (WHERE l.list = 2) AS emails,
            array_agg(l.entry ORDER BY p.place, l.place) FILTER (WHERE l.list = 3) AS tags
        FROM pairs p
        CROSS JOIN LATERAL (
            -- The primary one that fills a blank has to come first.
            SELECT 1 AS list, * FROM unnest(p.phones) WITH ORDINALITY AS u (entry, place)
            UNION ALL
            SELECT 2, * FROM unnest(p.emails) WITH ORDINALITY AS u (entry, place)
            UNION ALL
            SELECT 3, * FROM unnest(p.tags) WITH ORDINALITY AS u (entry, place)
        ) l
        GROUP BY p.kept
    ),
    differing AS (
        SELECT p.kept, jsonb_agg(
            jsonb_build_object('field', d.field, 'value', d.value, 'contact_id', p.merged) ORDER BY p.place) AS entries
        FROM pairs p
        JOIN contacts k ON k.id = p.kept
        JOIN gathered g ON g.kept = p.kept
        CROSS JOIN LATERAL (
            SELECT v.field, to_jsonb(v.value) AS value
            FROM (VALUES
                ('full_name', p.full_name, coalesce(nullif(btrim(k.full_name), ''), g.full_name)),
                ('first_name', p.first_name, coalesce(nullif(btrim(k.first_name), ''), g.first_name)),
                ('last_name', p.last_name, coalesce(nullif(btrim(k.last_name), ''), g.last_name)),
                ('address', p.address, coalesce(nullif(btrim(k.address), ''), g.address)),
                ('city', p.city, coalesce(nullif(btrim(k.city), ''), g.city)),
                ('state', p.state, coalesce(nullif(btrim(k.state), ''), g.state)),
                ('zip', p.zip, coalesce(nullif(btrim(k.zip), ''), g.zip)),
                ('contact_type', p.contact_type, k.contact_type),
                ('source', p.source, coalesce(nullif(btrim(k.source), ''), g.source)),
                ('source_ref', p.source_ref, coalesce(nullif(btrim(k.source_ref), ''), g.source_ref)),
                ('business_context_id', p.business_context_id, coalesce(k.business_context_id, g.business_context_id))
            ) v (field, value, own)
            WHERE btrim(v.value) <> '' AND v.value <> v.own
            UNION ALL
            SELECT 'metadata.' || e.key, e.value
            FROM jsonb_each(CASE jsonb_typeof(p.metadata) WHEN 'object' THEN p.metadata END) e
            WHERE jsonb_typeof(k.metadata) = 'object' AND k.metadata -> e.key <> e.value
                AND e.key NOT IN ('also_known_as', 'possible_duplicates', 'merged_into')
        ) d
        GROUP BY p.kept
    ),
    inherited AS (
        SELECT p.kept, jsonb_agg(a.entry) FILTER (WHERE a.key = 'also_known_as') AS also_known_as,
            jsonb_agg(DISTINCT a.entry) FILTER (WHERE a.key = 'possible_duplicates') AS possible_duplicates
        FROM pairs p
        CROSS JOIN LATERAL (
            SELECT key, entry
            FROM unnest(ARRAY['also_known_as', 'possible_duplicates']) AS key,
                jsonb_array_elements(CASE jsonb_typeof(p.metadata -> key) WHEN 'array' THEN p.metadata -> key END) AS entry
            WHERE p.metadata ?| ARRAY['also_known_as', 'possible_duplicates']
        ) a
        GROUP BY p.kept
    ),
    further AS (
        SELECT p.kept, jsonb_object_agg(e.key, e.value ORDER BY p.place DESC) AS entries
        FROM pairs p
        CROSS JOIN LATERAL jsonb_each(CASE jsonb_typeof(p.metadata) WHEN 'object' THEN p.metadata END) e
        WHERE e.key NOT IN ('also_known_as', 'possible_duplicates', 'merged_into')
        GROUP BY p.kept
    ),
    -- Their identities go before the kept ones take them: the statement below reads how many these are.
    released AS (
        UPDATE contacts m
        SET status = 'archived', phone_e164 = NULL, email_normalized = NULL, phones = '{}', emails = '{}', updated_at = now(),
            metadata = CASE jsonb_typeof(m.metadata) WHEN 'object' THEN m.metadata ELSE '{}' END
                || jsonb_build_object('merged_into', p.kept)
        FROM pairs p
        WHERE m.id = p.merged
        RETURNING m.id
    )
    UPDATE contacts k
    SET full_name = coalesce(nullif(btrim(k.full_name), ''), g.full_name, k.full_name),
        first_name = coalesce(nullif(k.first_name, ''), g.first_name),
        last_name = coalesce(nullif(k.last_name, ''), g.last_name),
        address = coalesce(nullif(k.address, ''), g.address),
        city = coalesce(nullif(k.city, ''), g.city),
        state = coalesce(nullif(k.state, ''), g.state),
        zip = coalesce(nullif(k.zip, ''), g.zip),
        source = coalesce(nullif(k.source, ''), g.source),
        source_ref = coalesce(nullif(k.source_ref, ''), g.source_ref),
        business_context_id = coalesce(k.business_context_id, g.business_context_id),
        phone = coalesce(nullif(btrim(k.phone), ''), g.phone),
        phone_e164 = CASE WHEN btrim(k.phone) <> '' THEN k.phone_e164 ELSE g.phone_e164 END,
        phones = CASE
            WHEN btrim(k.phone) <> '' OR g.phone IS NULL THEN atlas_unite(k.phones || l.phones)
            ELSE atlas_unite(coalesce(g.phone_e164, g.phone) || k.phones || l.phones)
        END,
        email = coalesce(nullif(btrim(k.email), ''), g.email),
        email_normalized = CASE WHEN btrim(k.email) <> '' THEN k.email_normalized ELSE g.email_normalized END,
        emails = CASE
            WHEN btrim(k.email) <> '' OR g.email IS NULL THEN atlas_unite(k.emails || l.emails)
            ELSE atlas_unite(coalesce(g.email_normalized, atlas_email(g.email), g.email) || k.emails || l.emails)
        END,
        tags = CASE WHEN l.tags IS NULL THEN k.tags ELSE atlas_unite(k.tags || l.tags) END,
        notes = CASE
            WHEN g.notes IS NULL OR k.notes = g.notes THEN k.notes
            ELSE concat_ws(E'\n', nullif(k.notes, ''), g.notes)
        END,
        status = CASE
            WHEN k.status = 'archived' AND g.standing < 3 OR k.status <> 'active' AND g.standing = 1
                THEN CASE g.standing WHEN 1 THEN 'active' ELSE 'inactive' END
            ELSE k.status
        END,
        updated_at = now(),
        metadata = coalesce(f.entries, '{}')
            || CASE jsonb_typeof(k.metadata) WHEN 'object' THEN k.metadata ELSE '{}' END
            || CASE
                WHEN d.entries IS NULL AND i.also_known_as IS NULL THEN '{}'
                ELSE jsonb_build_object('also_known_as',
                    CASE jsonb_typeof(k.metadata -> 'also_known_as') WHEN 'array' THEN k.metadata -> 'also_known_as' ELSE '[]' END
                        || coalesce(i.also_known_as, '[]') || coalesce(d.entries, '[]'))
            END
            || CASE
                WHEN i.possible_duplicates IS NULL THEN '{}'
                ELSE jsonb_build_object('possible_duplicates',
                    CASE jsonb_typeof(k.metadata -> 'possible_duplicates')
                        WHEN 'array' THEN k.metadata -> 'possible_duplicates' ELSE '[]' END || i.possible_duplicates)
            END
    FROM gathered g
    LEFT JOIN lists l USING (kept)
    LEFT JOIN differing d USING (kept)
    LEFT JOIN inherited i USING (kept)
    LEFT JOIN further f USING (kept)
    CROSS JOIN (SELECT count(*) FROM released) r
    WHERE k.id = g.kept;

    FOR child IN
        SELECT format('UPDATE %s SET %2$I = p.kept FROM unnest($1, $2) AS p (kept, merged) WHERE %2$I = p.merged',
                conrelid::regclass, attname) AS move
        FROM pg_constraint JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
        WHERE contype = 'f' AND confrelid = 'contacts'::regclass AND cardinality(conkey) = 1 AND conparentid = 0
            AND conrelid <> 'contact_identities'::regclass
    LOOP
        EXECUTE child.move USING kept, merged;
    END LOOP;
END
$$;

-- Which contacts are one person, and who keeps an e-mail that several have. Within a business context: the same phone is the same
-- person. The same e-mail is, unless both have phones that differ: then it identifies the one found first by the order below, and
-- the others only keep it. Active before archived, then the oldest.
DO $$
BEGIN
    CREATE TEMPORARY TABLE atlas_twins ON COMMIT DROP AS
    WITH candidates AS MATERIALIZED (
        SELECT id, coalesce(business_context_id, '') AS context, phone_e164 AS phone, email_normalized AS email,
            CASE status WHEN 'active' THEN 1 WHEN 'archived' THEN 3 ELSE 2 END AS standing, created_at
        FROM contacts
        WHERE phone_e164 IS NOT NULL OR email_normalized IS NOT NULL
    ),
    shared_phones AS (
        SELECT context, phone FROM candidates WHERE phone IS NOT NULL GROUP BY 1, 2 HAVING count(*) > 1
    ),
    shared_emails AS (
        SELECT context, email FROM candidates WHERE email IS NOT NULL GROUP BY 1, 2 HAVING count(*) > 1
    ),
    twins AS (
        SELECT c.*, row_number() OVER (ORDER BY c.standing, c.created_at, c.id) AS rank
        FROM candidates c
        LEFT JOIN shared_phones p ON p.context = c.context AND p.phone = c.phone
        LEFT JOIN shared_emails e ON e.context = c.context AND e.email = c.email
        WHERE p.phone IS NOT NULL OR e.email IS NOT NULL
    ),
    ranked AS (
        SELECT *, min(rank) OVER (PARTITION BY context, phone) AS phone_rank FROM twins
    ),
    owned AS (
        SELECT *, first_value(phone) OVER (PARTITION BY context, email ORDER BY phone IS NULL, phone_rank, rank) AS email_owner
        FROM ranked
    )
    SELECT id, context, phone, email,
        CASE WHEN email IS NOT NULL THEN email_owner END AS email_owner,
        first_value(id) OVER (
            PARTITION BY context, coalesce(phone, email_owner), CASE WHEN coalesce(phone, email_owner) IS NULL THEN email END
            ORDER BY rank) AS kept,
        rank
    FROM owned;

    -- Who shares an e-mail with a person of another phone.
    CREATE TEMPORARY TABLE atlas_shared_emails ON COMMIT DROP AS
    SELECT t.id, t.kept, t.context, t.email, o.kept AS owner
    FROM atlas_twins t
    JOIN (SELECT DISTINCT context, email, kept FROM atlas_twins WHERE phone = email_owner) o
        ON o.context = t.context AND o.email = t.email
    WHERE t.phone <> t.email_owner;

    UPDATE contacts c
    SET email_normalized = NULL,
        metadata = CASE jsonb_typeof(c.metadata) WHEN 'object' THEN c.metadata ELSE '{}' END
            || jsonb_build_object('possible_duplicates', jsonb_build_array(s.owner))
    FROM atlas_shared_emails s
    WHERE c.id = s.id;

    PERFORM atlas_merge_contacts(array_agg(kept ORDER BY rank), array_agg(id ORDER BY rank))
    FROM atlas_twins WHERE id <> kept HAVING count(*) > 0;
END
$$;

-- MARK: What identifies whom

-- Set by set, and keys after rows: this is half of the time the file takes.
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_constraint WHERE conrelid = 'contact_identities'::regclass AND contype = 'p') THEN
        RETURN;
    END IF;
    INSERT INTO contact_identities (contact_id, kind, value, business_context_id)
    SELECT id, 'phone', phone_e164, coalesce(business_context_id, '') FROM contacts WHERE phone_e164 IS NOT NULL;
    INSERT INTO contact_identities (contact_id, kind, value, business_context_id)
    SELECT id, 'email', email_normalized, coalesce(business_context_id, '') FROM contacts WHERE email_normalized IS NOT NULL;

    -- What is not the primary one of a contact, or does not identify it.
    INSERT INTO contact_identities (contact_id, kind, value, business_context_id, identifies)
    SELECT DISTINCT c.id, 'phone', v.value, coalesce(c.business_context_id, ''), e.strong
    FROM contacts c
    CROSS JOIN LATERAL (
        SELECT entry, coalesce(entry = atlas_phone_e164(entry, ''), false) AS strong FROM unnest(c.phones) AS entry
    ) e
    CROSS JOIN LATERAL (
        SELECT CASE WHEN e.strong THEN e.entry ELSE regexp_replace(e.entry, '[^0-9]', '', 'g') END AS value
    ) v
    WHERE (cardinality(c.phones) > 1 OR c.phone_e164 IS NULL AND c.phones <> '{}')
        AND e.entry IS DISTINCT FROM c.phone_e164 AND length(v.value) >= 7;
    INSERT INTO contact_identities (contact_id, kind, value, business_context_id, identifies)
    SELECT DISTINCT c.id, 'email', e.entry, coalesce(c.business_context_id, ''), e.entry LIKE '%_@_%' AND s.email IS NULL
    FROM contacts c
    CROSS JOIN LATERAL (SELECT lower(entry) AS entry FROM unnest(c.emails) AS entry) e
    LEFT JOIN (SELECT DISTINCT context, email, kept FROM atlas_shared_emails) s
        ON s.context = coalesce(c.business_context_id, '') AND s.email = e.entry AND s.kept = c.id
    WHERE (cardinality(c.emails) > 1 OR c.email_normalized IS NULL AND c.emails <> '{}')
        AND e.entry IS DISTINCT FROM c.email_normalized;

    ALTER TABLE contact_identities
        ADD PRIMARY KEY (contact_id, kind, value),
        ADD FOREIGN KEY (contact_id) REFERENCES contacts (id) ON DELETE CASCADE;
    IF EXISTS (SELECT FROM contact_identities) THEN
        ANALYZE contact_identities;
    END IF;
END
$$;

CREATE UNIQUE INDEX IF NOT EXISTS contact_identities_value ON contact_identities (business_context_id, kind, value)
    WHERE identifies;
-- The last seven digits are nearly a key, and what every way of writing a number ends in.
CREATE INDEX IF NOT EXISTS contact_identities_last_digits ON contact_identities (right(value, 7)) WHERE kind = 'phone';
CREATE INDEX IF NOT EXISTS contact_identities_email ON contact_identities (value) WHERE kind = 'email';

DO $$
DECLARE
    statement text;
BEGIN
    IF to_regclass('pg_temp.atlas_rebuilt_indexes') IS NOT NULL THEN
        FOR statement IN SELECT definition FROM atlas_rebuilt_indexes LOOP
            EXECUTE statement;
        END LOOP;
    END IF;
END
$$;

CREATE UNIQUE INDEX IF NOT EXISTS contacts_phone_identity ON contacts (coalesce(business_context_id, ''), phone_e164)
    WHERE phone_e164 IS NOT NULL;
CREATE UNIQUE INDEX IF NOT EXISTS contacts_email_identity ON contacts (coalesce(business_context_id, ''), email_normalized)
    WHERE email_normalized IS NOT NULL;

-- MARK: Writers

-- Holds the identities ('phone:+12175550134', 'email:a@b.c') until the transaction ends, so that nobody else gives them to a
-- contact between our look and our write. Sorted, so that two callers cannot wait for each other. A transaction that wants
-- hundreds takes one lock for all instead: the lock table of the server is small.
CREATE OR REPLACE FUNCTION atlas_lock_identities(identities text[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    held integer := coalesce(nullif(current_setting('atlas.identity_locks', true), '')::integer, 0);
    slot integer;
BEGIN
    IF held < 0 OR coalesce(cardinality(identities), 0) = 0 THEN
        RETURN;
    END IF;
    IF held + cardinality(identities) > 400 THEN
        PERFORM pg_advisory_xact_lock(1096043603, 0);
        PERFORM set_config('atlas.identity_locks', '-1', true);
        RETURN;
    END IF;
    IF held = 0 THEN
        PERFORM pg_advisory_xact_lock_shared(1096043603, 0);
    END IF;
    FOR slot IN SELECT DISTINCT hashtext(identity) FROM unnest(identities) AS identity WHERE identity IS NOT NULL ORDER BY 1 LOOP
        PERFORM pg_advisory_xact_lock(1096043604, slot);
    END LOOP;
    PERFORM set_config('atlas.identity_locks', (held + cardinality(identities))::text, true);
END
$$;

-- Fills the identity columns for writers that know only phone and email. What another contact of the context has stays unclaimed
-- (the contact is still found by its digits): their statement never fails because of us.
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
            || array_remove(array_remove(NEW.phones, CASE WHEN NEW.phone IS DISTINCT FROM OLD.phone THEN OLD.phones[1] END), its_phone);
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
            || array_remove(array_remove(NEW.emails, CASE WHEN NEW.email IS DISTINCT FROM OLD.email THEN OLD.emails[1] END), its_email);
    END IF;
    RETURN NEW;
END
$$;

-- The rows of contact_identities that the lists of a contact ask for: a strong one identifies it unless another has it, and a
-- claimed one, which is in its phone_e164 or email_normalized, goes before other strong ones.
CREATE OR REPLACE FUNCTION atlas_identities(phones text[], emails text[], phone_e164 text, email_normalized text)
    RETURNS TABLE (kind text, value text, strong boolean, claimed boolean)
LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 2 AS $$
    SELECT 'phone', CASE WHEN p.strong THEN p.entry ELSE regexp_replace(p.entry, '[^0-9]', '', 'g') END, p.strong,
        p.entry IS NOT DISTINCT FROM phone_e164
    FROM (
        SELECT entry, coalesce(entry = phone_e164 OR entry = atlas_phone_e164(entry, ''), false) AS strong
        FROM unnest(phones) AS entry
    ) p
    WHERE p.strong OR length(regexp_replace(p.entry, '[^0-9]', '', 'g')) >= 7
    UNION ALL
    SELECT 'email', lower(entry), entry LIKE '%_@_%', lower(entry) IS NOT DISTINCT FROM email_normalized
    FROM unnest(emails) AS entry
$$;

-- Keeps contact_identities in step with the lists of the contacts that a statement wrote. The plans here are kept from a statement of
-- one row and must serve one of a million: hence EXCEPT rather than a join of the old and the new, and no sequential scans.
CREATE OR REPLACE FUNCTION atlas_contacts_inserted() RETURNS trigger
LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    identifying bigint;
BEGIN
    INSERT INTO contact_identities (contact_id, kind, value, business_context_id)
    SELECT n.id, e.kind, e.value, coalesce(n.business_context_id, '')
    FROM new_contacts n CROSS JOIN LATERAL atlas_identities(n.phones, n.emails, n.phone_e164, n.email_normalized) e
    WHERE e.strong ORDER BY e.claimed DESC
    ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS identifying = ROW_COUNT;
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

CREATE OR REPLACE FUNCTION atlas_contacts_updated() RETURNS trigger
LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
    IF NOT EXISTS (
        SELECT id, phones, emails, business_context_id, phone_e164, email_normalized FROM new_contacts
        EXCEPT
        SELECT id, phones, emails, business_context_id, phone_e164, email_normalized FROM old_contacts
    ) THEN
        RETURN NULL;
    END IF;

    DELETE FROM contact_identities i
    USING (
        SELECT id, phones, emails, business_context_id, phone_e164, email_normalized FROM new_contacts
        EXCEPT
        SELECT id, phones, emails, business_context_id, phone_e164, email_normalized FROM old_contacts
    ) n
    WHERE i.contact_id = n.id
        AND NOT (i.identifies AND i.business_context_id = coalesce(n.business_context_id, '')
            AND i.value = ANY (CASE i.kind WHEN 'phone' THEN n.phones ELSE n.emails END));
    INSERT INTO contact_identities (contact_id, kind, value, business_context_id)
    SELECT n.id, e.kind, e.value, coalesce(n.business_context_id, '')
    FROM (
        SELECT id, phones, emails, business_context_id, phone_e164, email_normalized FROM new_contacts
        EXCEPT
        SELECT id, phones, emails, business_context_id, phone_e164, email_normalized FROM old_contacts
    ) n
    CROSS JOIN LATERAL atlas_identities(n.phones, n.emails, n.phone_e164, n.email_normalized) e
    WHERE e.strong ORDER BY e.claimed DESC
    ON CONFLICT DO NOTHING;
    INSERT INTO contact_identities (contact_id, kind, value, business_context_id, identifies)
    SELECT n.id, e.kind, e.value, coalesce(n.business_context_id, ''), false
    FROM (
        SELECT id, phones, emails, business_context_id, phone_e164, email_normalized FROM new_contacts
        EXCEPT
        SELECT id, phones, emails, business_context_id, phone_e164, email_normalized FROM old_contacts
    ) n
    CROSS JOIN LATERAL atlas_identities(n.phones, n.emails, n.phone_e164, n.email_normalized) e
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER atlas_contacts_insert BEFORE INSERT ON contacts
    FOR EACH ROW EXECUTE FUNCTION atlas_contacts_before();
CREATE OR REPLACE TRIGGER atlas_contacts_update BEFORE UPDATE OF full_name, phone, email, business_context_id, search_name ON contacts
    FOR EACH ROW EXECUTE FUNCTION atlas_contacts_before();
CREATE OR REPLACE TRIGGER atlas_contacts_inserted AFTER INSERT ON contacts
    REFERENCING NEW TABLE AS new_contacts
    FOR EACH STATEMENT EXECUTE FUNCTION atlas_contacts_inserted();
CREATE OR REPLACE TRIGGER atlas_contacts_updated AFTER UPDATE ON contacts
    REFERENCING OLD TABLE AS old_contacts NEW TABLE AS new_contacts
    FOR EACH STATEMENT EXECUTE FUNCTION atlas_contacts_updated();
