-- :size contacts as another program would have written them: no identity columns yet, four formats of phone, some without an
-- e-mail. The same every time. The server under measurement brings them up to date by its own migrations.
SET synchronous_commit = off;

CREATE TEMPORARY TABLE indexes AS
SELECT pg_get_indexdef(indexrelid) AS definition, indexrelid::regclass::text AS name
FROM pg_index WHERE indrelid IN ('contacts'::regclass, 'contact_interactions'::regclass) AND NOT indisunique;
SELECT format('DROP INDEX %s', name) FROM indexes \gexec

CREATE FUNCTION pg_temp.pick(words text[], i bigint, salt int) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT words[1 + (abs(hashint8extended(i, salt)) % array_length(words, 1))::int]
$$;

WITH words AS (
    SELECT
        string_to_array('Maria James Linda Robert Patricia John Jennifer Michael Elizabeth David Barbara William Susan Richard '
            'Jessica Joseph Sarah Thomas Karen Charles Nancy Christopher Lisa Daniel Margaret Matthew Betty Anthony Sandra Mark '
            'Ashley Donald Dorothy Steven Kimberly Paul Emily Andrew Donna Joshua Michelle Kenneth Carol Kevin Amanda Brian '
            'Melissa George Deborah Edward Stephanie Ronald Rebecca Timothy Laura Jason Sharon Jeffrey Cynthia Ryan Kathleen '
            'Jacob Amy Gary Shirley Nicholas Angela Eric Helen Jonathan Anna Stephen Brenda Larry Pamela Justin Nicole Scott '
            'Ruth Brandon Katherine Benjamin Samantha Samuel Christine Frank Emma Gregory Catherine Raymond Debra Alexander '
            'Virginia Patrick Rachel Jack Carolyn Dennis Janet Jerry Zoë Tyler Heather Aaron Diane Jose Julie Adam Joyce Henry '
            'Victoria Nathan Kelly Douglas Christina Zachary Joan Peter Evelyn Kyle Lauren Walter Judith Ethan José Anaïs', ' ')
            AS first,
        string_to_array('Al Ber Car Dav Ein Fer Gon Har Iva Jen Kow Lin Mar Nel Oli Pet Quin Rod San Tor Urb Vas Wal Yor Zim '
            'Bra Cle Dru Fle Gra Kle Pri Sto Tre Whi Sch Mac Mül Nor Est', ' ') AS a,
        string_to_array('ba ca da e fa ga hu i ja ka la mo na o pa ri sa te u va wi ze ber den fel gin ler man nes rin', ' ')
            AS b,
        string_to_array('son ton ley man ez ski berg ner well ford ham ster ova rez nan dt lla tti ck ria der wood field mann',
            ' ') AS c
), people AS (
    SELECT i, pg_temp.pick(first, i, 1) AS first_name,
        pg_temp.pick(a, i, 2) || pg_temp.pick(b, i, 3) || pg_temp.pick(c, i, 4) AS last_name, 2000000000 + i::bigint * 7919 AS number
    FROM words, generate_series(1, :size) AS i
)
INSERT INTO contacts (id, full_name, first_name, last_name, email, phone, city, state, zip, contact_type, tags, notes, source,
    created_at, updated_at)
SELECT
    md5('contact ' || i)::uuid, first_name || ' ' || last_name, first_name, last_name,
    CASE WHEN i % 10 < 9 THEN lower(translate(first_name, 'ëéï', 'eei')) || '.' || i || '@example.com' END,
    CASE i % 4
        WHEN 0 THEN '+1' || number
        WHEN 1 THEN '(' || substr(number::text, 1, 3) || ') ' || substr(number::text, 4, 3) || '-' || substr(number::text, 7)
        WHEN 2 THEN substr(number::text, 1, 3) || '-' || substr(number::text, 4, 3) || '-' || substr(number::text, 7)
        ELSE '1 ' || substr(number::text, 1, 3) || ' ' || substr(number::text, 4)
    END,
    (ARRAY['Springfield', 'Chatham', 'Decatur', 'Peoria', 'Bloomington'])[1 + i % 5], 'IL', (62000 + i % 1000)::text,
    (ARRAY['customer', 'customer', 'customer', 'lead', 'prospect', 'vendor'])[1 + i % 6],
    CASE WHEN i % 3 = 0 THEN ARRAY['weekly'] ELSE '{}' END, CASE WHEN i % 5 = 0 THEN 'Key under the mat, dog in the yard' END,
    'manual', timestamptz '2025-01-01' + i * interval '31 seconds', timestamptz '2025-06-01' + i * interval '31 seconds'
FROM people;

INSERT INTO contact_interactions (contact_id, interaction_type, summary, occurred_at)
SELECT md5('contact ' || i)::uuid, 'call', 'Asked about the next visit', timestamptz '2026-01-01' + i * interval '29 seconds'
FROM generate_series(1, :size, 4) AS i;

SELECT definition FROM indexes \gexec
