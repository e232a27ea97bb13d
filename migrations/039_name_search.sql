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

DO $do$
DECLARE
    trigrams text := (
        SELECT nspname FROM pg_extension JOIN pg_namespace ON pg_namespace.oid = extnamespace WHERE extname = 'pg_trgm');
    letters text := (
        SELECT nspname FROM pg_extension JOIN pg_namespace ON pg_namespace.oid = extnamespace WHERE extname = 'fuzzystrmatch');
BEGIN
    EXECUTE format(
        'CREATE INDEX IF NOT EXISTS contacts_name_trigrams ON contacts USING gin ((%L || search_name) %I.gin_trgm_ops)',
        ' ', trigrams);

    -- The words in use that `wanted` may stand for: itself, if a name has it or begins so (cost 0); what differs in one letter more,
    -- less, other, or two swapped (1); in two, if it is long (2).
    EXECUTE format(
        $f$
        CREATE OR REPLACE FUNCTION atlas_words_like(wanted text) RETURNS TABLE (word text, cost integer)
        LANGUAGE sql STABLE AS $$
            SELECT wanted, 0
            WHERE EXISTS (SELECT FROM contact_words w WHERE w.word >= wanted AND w.word < wanted || chr(1114111))
            UNION ALL
            (
                SELECT near.word, n.cost
                FROM (
                    SELECT DISTINCT w.word, %1$I.levenshtein_less_equal(w.word, wanted, 2) AS distance
                    FROM contact_words w
                    WHERE length(w.word) BETWEEN length(wanted) - 1 AND length(wanted) + 1 AND length(wanted) BETWEEN 3 AND 60
                        AND %1$I.levenshtein_less_equal(w.word, wanted, 2) BETWEEN 1 AND 2
                ) near
                CROSS JOIN LATERAL (
                    SELECT CASE
                        WHEN distance = 1 THEN 1
                        WHEN length(near.word) = length(wanted)
                            AND ARRAY(SELECT unnest(string_to_array(near.word, NULL)) ORDER BY 1)
                                = ARRAY(SELECT unnest(string_to_array(wanted, NULL)) ORDER BY 1) THEN 1
                        WHEN length(wanted) >= 8 THEN 2
                    END AS cost
                ) n
                WHERE n.cost IS NOT NULL
                ORDER BY n.cost, near.word LIMIT 12
            )
        $$
        $f$,
        letters);

    -- Contacts whose name is `wanted` (in normal form), begins so, or has all its words; not those of `known`.
    EXECUTE format(
        $f$
        CREATE OR REPLACE FUNCTION atlas_find_names_as_written(wanted text, context text, room integer, known uuid[], thorough boolean)
            RETURNS TABLE (id uuid, score real)
        LANGUAGE plpgsql STABLE AS $$
        #variable_conflict use_column
        DECLARE
            -- Behind every name that begins so.
            beyond text := wanted || chr(1114111);
            patterns text[];
            ids uuid[];
        BEGIN
            -- 1. The very name.
            ids := ARRAY(
                SELECT c.id FROM contacts c
                WHERE c.search_name = wanted AND c.status <> 'archived'
                    AND (context IS NULL OR c.business_context_id = context) AND c.id <> ALL (known)
                ORDER BY c.search_name, c.id LIMIT room);
            RETURN QUERY SELECT unnest(ids), 1::real;
            room := room - cardinality(ids);

            -- 2. Last name first, whole or in part.
            IF room > 0 THEN
                ids := ARRAY(
                    SELECT c.id FROM contacts c
                    WHERE regexp_replace(c.search_name, '^(.*) ([^ ]+)$', '\2 \1') >= wanted
                        AND regexp_replace(c.search_name, '^(.*) ([^ ]+)$', '\2 \1') < beyond
                        AND c.search_name <> wanted AND c.status <> 'archived'
                        AND (context IS NULL OR c.business_context_id = context) AND c.id <> ALL (known)
                    ORDER BY regexp_replace(c.search_name, '^(.*) ([^ ]+)$', '\2 \1'), c.id LIMIT room);
                RETURN QUERY SELECT unnest(ids), 0.9::real;
                room := room - cardinality(ids);
            END IF;

            -- 3. The beginning of a name.
            IF room > 0 THEN
                ids := ARRAY(
                    SELECT c.id FROM contacts c
                    WHERE c.search_name > wanted AND c.search_name < beyond
                        AND NOT (regexp_replace(c.search_name, '^(.*) ([^ ]+)$', '\2 \1') >= wanted
                            AND regexp_replace(c.search_name, '^(.*) ([^ ]+)$', '\2 \1') < beyond)
                        AND c.status <> 'archived' AND (context IS NULL OR c.business_context_id = context) AND c.id <> ALL (known)
                    ORDER BY c.search_name, c.id LIMIT room);
                RETURN QUERY SELECT unnest(ids), 0.85::real;
                room := room - cardinality(ids);
            END IF;

            -- 4. Every word begins a word of the name, in any order; the longest words are asked of the index.
            IF room > 0 AND thorough THEN
                patterns := ARRAY(
                    SELECT '%% ' || word || '%%' FROM unnest(string_to_array(wanted, ' ')) WITH ORDINALITY AS w (word, nth)
                    GROUP BY word ORDER BY length(word) DESC, min(nth) LIMIT 8);
                RETURN QUERY
                    WITH candidates AS MATERIALIZED (
                        SELECT c.id, c.search_name FROM contacts c
                        WHERE ' ' || c.search_name LIKE patterns[1] AND ' ' || c.search_name LIKE coalesce(patterns[2], patterns[1])
                            AND ' ' || c.search_name LIKE coalesce(patterns[3], patterns[1])
                            AND ' ' || c.search_name LIKE ALL (patterns)
                            AND NOT (c.search_name >= wanted AND c.search_name < beyond)
                            AND NOT (regexp_replace(c.search_name, '^(.*) ([^ ]+)$', '\2 \1') >= wanted
                                AND regexp_replace(c.search_name, '^(.*) ([^ ]+)$', '\2 \1') < beyond)
                            AND c.status <> 'archived' AND (context IS NULL OR c.business_context_id = context)
                            AND c.id <> ALL (known)
                        LIMIT 5000
                    )
                    SELECT c.id, (0.6 + 0.2 * %1$I.similarity(c.search_name, wanted))::real
                    FROM candidates c
                    ORDER BY %1$I.similarity(c.search_name, wanted) DESC, c.search_name, c.id LIMIT room;
            END IF;
        END
        $$
        $f$,
        trigrams);
END
$do$;

-- The ids of contacts (of a context, or of all where it is null; not archived) by name, best match first, from row `skip` on.
CREATE OR REPLACE FUNCTION atlas_find_names(query text, context text, take integer, skip integer DEFAULT 0)
    RETURNS TABLE (id uuid, score real, place bigint)
LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
DECLARE
    wanted text := atlas_search_name(left(query, 200));
    words text[];
    room integer := take + skip;
    spelling record;
    found_ids uuid[];
    scores real[];
    more_ids uuid[];
    more_scores real[];
BEGIN
    IF wanted = '' OR room <= 0 THEN
        RETURN;
    END IF;
    SELECT coalesce(array_agg(f.id ORDER BY f.nth), '{}'), coalesce(array_agg(f.score ORDER BY f.nth), '{}') INTO found_ids, scores
    FROM atlas_find_names_as_written(wanted, context, room, '{}', true) WITH ORDINALITY AS f (id, score, nth);

    -- With a typing error: the same for each spelling that names in use suggest, the likeliest first.
    words := string_to_array(wanted, ' ');
    IF cardinality(found_ids) < room AND cardinality(words) <= 8 THEN
        FOR spelling IN
            WITH RECURSIVE alternatives AS MATERIALIZED (
                SELECT w.nth, l.word, l.cost
                FROM unnest(words) WITH ORDINALITY AS w (word, nth) CROSS JOIN LATERAL atlas_words_like(w.word) l
            ),
            spellings AS (
                SELECT 0::bigint AS nth, '' AS text, 0 AS cost
                UNION ALL
                SELECT a.nth, s.text || CASE s.nth WHEN 0 THEN '' ELSE ' ' END || a.word, s.cost + a.cost
                FROM spellings s JOIN alternatives a ON a.nth = s.nth + 1 AND s.cost + a.cost <= 2
            )
            SELECT s.text, s.cost, row_number() OVER (ORDER BY s.cost, s.text COLLATE "C") AS nth FROM spellings s
            WHERE s.nth = cardinality(words) AND s.cost > 0 ORDER BY s.cost, s.text COLLATE "C" LIMIT 16
        LOOP
            SELECT coalesce(array_agg(f.id ORDER BY f.nth), '{}'), coalesce(array_agg(f.score ORDER BY f.nth), '{}')
            INTO more_ids, more_scores
            FROM atlas_find_names_as_written(
                spelling.text, context, room - cardinality(found_ids), found_ids, spelling.nth <= 4)
                WITH ORDINALITY AS f (id, score, nth);
            found_ids := found_ids || more_ids;
            scores := scores || ARRAY(SELECT (0.55 - 0.05 * spelling.nth / 16 - 0.1 * spelling.cost) * u.score
                FROM unnest(more_scores) WITH ORDINALITY AS u (score, nth) ORDER BY u.nth)::real[];
            EXIT WHEN cardinality(found_ids) >= room;
        END LOOP;
    END IF;

    RETURN QUERY
        SELECT f.id, f.score, f.place FROM unnest(found_ids, scores) WITH ORDINALITY AS f (id, score, place)
        WHERE f.place > skip;
END
$$;
