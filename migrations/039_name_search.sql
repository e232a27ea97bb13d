-- Names: any case, accents and order of words, the beginnings of words, one typing error. Best match first, and no more work than
-- the page asks for: each step below runs only while the page has room.
LOCK TABLE contacts IN SHARE ROW EXCLUSIVE MODE;

SELECT set_config('maintenance_work_mem', '256MB', true)
    WHERE pg_size_bytes(current_setting('maintenance_work_mem')) < 268435456;

CREATE INDEX IF NOT EXISTS contacts_name ON contacts (search_name, id);
-- The last word first: what is typed is often the last name, alone or before the first.
CREATE INDEX IF NOT EXISTS contacts_last_name
    ON contacts ((regexp_replace(search_name, '^(.*) ([^ ]+)$', '\2 \1')), id);

-- The words of all names. A word mistyped is looked up here, among thousands, not among millions of names. Words are only ever
-- added, and may stand twice: a unique key would make two writers wait for each other.
CREATE TABLE IF NOT EXISTS contact_words (
    word text COLLATE "C" NOT NULL
);

CREATE INDEX IF NOT EXISTS contact_words_word ON contact_words (word);
CREATE INDEX IF NOT EXISTS contact_words_length ON contact_words (length(word));

INSERT INTO contact_words (word)
SELECT DISTINCT left(word, 60) FROM contacts, unnest(string_to_array(search_name, ' ')) AS word
WHERE word <> '' AND NOT EXISTS (SELECT FROM contact_words);


CREATE OR REPLACE FUNCTION atlas_contacts_words() RETURNS trigger
LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
    INSERT INTO contact_words (word)
    SELECT DISTINCT left(u.word, 60) FROM new_contacts n, unnest(string_to_array(n.search_name, ' ')) AS u (word)
    WHERE u.word <> '' AND NOT EXISTS (SELECT FROM contact_words w WHERE w.word = left(u.word, 60));
    RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER atlas_contacts_words_insert AFTER INSERT ON contacts
    REFERENCING NEW TABLE AS new_contacts FOR EACH STATEMENT EXECUTE FUNCTION atlas_contacts_words();
CREATE OR REPLACE TRIGGER atlas_contacts_words_update AFTER UPDATE ON contacts
    REFERENCING NEW TABLE AS new_contacts FOR EACH STATEMENT EXECUTE FUNCTION atlas_contacts_words();

-- Whether each word of `query` begins a word of the name.
CREATE OR REPLACE FUNCTION atlas_name_matches(search_name text, query text) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT ' ' || search_name LIKE ALL (
        SELECT '% ' || word || '%' FROM unnest(string_to_array(atlas_search_name(query), ' ')) AS word)
$$;

-- The words in use that `word` may be a mistyping of: one letter more, less, other or two swapped; two in a long word.
DO $do$
BEGIN
    EXECUTE format(
        $f$
        CREATE OR REPLACE FUNCTION atlas_words_like(wanted text) RETURNS SETOF text
        LANGUAGE sql STABLE AS $$
            SELECT word FROM (
                SELECT DISTINCT w.word, %1$I.levenshtein_less_equal(w.word, wanted, 2) AS distance
                FROM contact_words w
                WHERE length(w.word) BETWEEN length(wanted) - 1 AND length(wanted) + 1 AND length(wanted) BETWEEN 3 AND 60
                    AND %1$I.levenshtein_less_equal(w.word, wanted, 2) <= 2
            ) near
            WHERE distance <= 1 OR length(wanted) >= 8
                OR length(word) = length(wanted)
                    AND (SELECT string_agg(letter, '' ORDER BY letter) FROM unnest(string_to_array(word, NULL)) AS letter)
                        = (SELECT string_agg(letter, '' ORDER BY letter) FROM unnest(string_to_array(wanted, NULL)) AS letter)
            ORDER BY distance, word LIMIT 12
        $$
        $f$,
        (SELECT nspname FROM pg_extension JOIN pg_namespace ON pg_namespace.oid = extnamespace WHERE extname = 'fuzzystrmatch'));
END
$do$;

-- The ids of contacts (of a context, or of all where it is null; not archived) by name, from row `skip` on.
DO $do$
DECLARE
    home text := (
        SELECT nspname FROM pg_extension JOIN pg_namespace ON pg_namespace.oid = extnamespace WHERE extname = 'pg_trgm');
BEGIN
    EXECUTE format(
        'CREATE INDEX IF NOT EXISTS contacts_name_trigrams ON contacts USING gin ((%L || search_name) %I.gin_trgm_ops)', ' ', home);
    EXECUTE format(
        $f$
        CREATE OR REPLACE FUNCTION atlas_find_names(query text, context text, take integer, skip integer DEFAULT 0)
            RETURNS TABLE (id uuid, score real, place bigint)
        LANGUAGE plpgsql STABLE AS $$
        #variable_conflict use_column
        DECLARE
            wanted text := atlas_search_name(left(query, 200));
            -- Behind every name that begins so.
            beyond text := wanted || chr(1114111);
            words text[];
            patterns text[];
            near text[];
            room integer := take + skip;
            found_ids uuid[] := '{}';
            scores real[] := '{}';
            ids uuid[];
            marks real[];
        BEGIN
            IF wanted = '' OR room <= 0 THEN
                RETURN;
            END IF;

            -- 1. The very name.
            found_ids := ARRAY(
                SELECT c.id FROM contacts c
                WHERE c.search_name = wanted AND c.status <> 'archived'
                    AND (context IS NULL OR c.business_context_id = context)
                ORDER BY c.search_name, c.id LIMIT room);
            scores := array_fill(1::real, ARRAY[cardinality(found_ids)]);

            -- 2. Last name first, whole or in part.
            IF cardinality(found_ids) < room THEN
                ids := ARRAY(
                    SELECT c.id FROM contacts c
                    WHERE regexp_replace(c.search_name, '^(.*) ([^ ]+)$', '\2 \1') >= wanted
                        AND regexp_replace(c.search_name, '^(.*) ([^ ]+)$', '\2 \1') < beyond
                        AND c.search_name <> wanted AND c.status <> 'archived'
                        AND (context IS NULL OR c.business_context_id = context)
                    ORDER BY regexp_replace(c.search_name, '^(.*) ([^ ]+)$', '\2 \1'), c.id
                    LIMIT room - cardinality(found_ids));
                found_ids := found_ids || ids;
                scores := scores || array_fill(0.9::real, ARRAY[cardinality(ids)]);
            END IF;

            -- 3. The beginning of a name.
            IF cardinality(found_ids) < room THEN
                ids := ARRAY(
                    SELECT c.id FROM contacts c
                    WHERE c.search_name > wanted AND c.search_name < beyond
                        AND NOT (regexp_replace(c.search_name, '^(.*) ([^ ]+)$', '\2 \1') >= wanted
                            AND regexp_replace(c.search_name, '^(.*) ([^ ]+)$', '\2 \1') < beyond)
                        AND c.status <> 'archived' AND (context IS NULL OR c.business_context_id = context)
                    ORDER BY c.search_name, c.id LIMIT room - cardinality(found_ids));
                found_ids := found_ids || ids;
                scores := scores || array_fill(0.85::real, ARRAY[cardinality(ids)]);
            END IF;

            -- 4. Every word begins a word of the name, in any order.
            words := ARRAY(
                SELECT word FROM unnest(string_to_array(wanted, ' ')) WITH ORDINALITY AS w (word, nth)
                GROUP BY word ORDER BY length(word) DESC, min(nth) LIMIT 8);
            IF cardinality(found_ids) < room THEN
                patterns := ARRAY(SELECT '%% ' || word || '%%' FROM unnest(words) AS word);
                WITH candidates AS MATERIALIZED (
                    SELECT c.id, c.search_name FROM contacts c
                    WHERE ' ' || c.search_name LIKE patterns[1] AND ' ' || c.search_name LIKE coalesce(patterns[2], patterns[1])
                        AND ' ' || c.search_name LIKE coalesce(patterns[3], patterns[1])
                        AND ' ' || c.search_name LIKE ALL (patterns)
                        AND NOT (c.search_name >= wanted AND c.search_name < beyond)
                        AND NOT (regexp_replace(c.search_name, '^(.*) ([^ ]+)$', '\2 \1') >= wanted
                            AND regexp_replace(c.search_name, '^(.*) ([^ ]+)$', '\2 \1') < beyond)
                        AND c.status <> 'archived' AND (context IS NULL OR c.business_context_id = context)
                    LIMIT 20000
                ),
                best AS (
                    SELECT c.id, 0.6 + 0.2 * %1$I.similarity(c.search_name, wanted) AS score, c.search_name FROM candidates c
                    ORDER BY 2 DESC, 3, 1 LIMIT room - cardinality(found_ids)
                )
                SELECT coalesce(array_agg(b.id ORDER BY b.score DESC, b.search_name, b.id), '{}'),
                    coalesce(array_agg(b.score::real ORDER BY b.score DESC, b.search_name, b.id), '{}')
                INTO ids, marks FROM best b;
                found_ids := found_ids || ids;
                scores := scores || marks;
            END IF;

            -- 5. The same with a typing error in a word.
            IF cardinality(found_ids) < room THEN
                near := ARRAY(
                    SELECT ' (' || w.word || coalesce('|' || string_agg(l.alike || '\M', '|'), '') || ')'
                    FROM unnest(words) WITH ORDINALITY AS w (word, nth)
                    LEFT JOIN LATERAL atlas_words_like(w.word) AS l (alike) ON l.alike <> w.word
                    GROUP BY w.word, w.nth ORDER BY w.nth);
                WITH candidates AS MATERIALIZED (
                    SELECT c.id, c.search_name FROM contacts c
                    WHERE ' ' || c.search_name ~ near[1] AND ' ' || c.search_name ~ coalesce(near[2], near[1])
                        AND ' ' || c.search_name ~ coalesce(near[3], near[1]) AND ' ' || c.search_name ~ ALL (near)
                        AND NOT ' ' || c.search_name LIKE ALL (patterns)
                        AND c.status <> 'archived' AND (context IS NULL OR c.business_context_id = context)
                    LIMIT 20000
                ),
                best AS (
                    SELECT c.id, 0.6 * %1$I.similarity(c.search_name, wanted) AS score, c.search_name FROM candidates c
                    ORDER BY 2 DESC, 3, 1 LIMIT room - cardinality(found_ids)
                )
                SELECT coalesce(array_agg(b.id ORDER BY b.score DESC, b.search_name, b.id), '{}'),
                    coalesce(array_agg(b.score::real ORDER BY b.score DESC, b.search_name, b.id), '{}')
                INTO ids, marks FROM best b WHERE near <> ARRAY(SELECT ' (' || word || ')' FROM unnest(words) AS word);
                found_ids := found_ids || ids;
                scores := scores || marks;
            END IF;

            RETURN QUERY
                SELECT f.id, f.score, f.place FROM unnest(found_ids, scores) WITH ORDINALITY AS f (id, score, place)
                WHERE f.place > skip;
        END
        $$
        $f$,
        home);
END
$do$;
