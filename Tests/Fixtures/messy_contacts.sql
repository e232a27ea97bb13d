-- Contacts as years of four programs leave them, with what points at them. Deterministic; as many as the setting
-- atlas.messy_contacts says (10,000 without it). Runs on the tables of migrations 012 to 036.
--
-- Of ten rows one repeats an earlier person: by phone in another format (6 of 10), by e-mail (2), by both (2). Others share an
-- e-mail but not the phone (families), have no identity at all, a withheld number, seven digits, text for a phone, or are archived.

CREATE TEMPORARY TABLE messy ON COMMIT DROP AS
SELECT n,
    -- Who it is: itself, or for one row in ten a person up to 3000 rows before.
    CASE WHEN n % 10 = 7 AND n > 20 THEN n - 1 - (n / 10 * 7919) % least(n - 10, 3000) ELSE n END AS person,
    CASE WHEN n % 10 = 7 AND n > 20 THEN (n / 10) % 10 END AS repeats
FROM generate_series(1, coalesce(nullif(current_setting('atlas.messy_contacts', true), '')::integer, 10000)) AS n;

INSERT INTO contacts (id, full_name, first_name, last_name, email, phone, address, city, state, zip, business_context_id,
    contact_type, status, tags, notes, source, source_ref, created_at, updated_at, metadata)
SELECT
    ('c0000000-0000-4000-8000-' || lpad(to_hex(n), 12, '0'))::uuid,
    first_name || ' ' || last_name,
    CASE WHEN n % 3 <> 0 THEN first_name END,
    CASE WHEN n % 3 <> 0 THEN last_name END,
    CASE
        WHEN repeats IN (0, 1, 2, 3, 4, 5) THEN NULL
        WHEN n % 100 = 13 THEN 'none'
        WHEN n % 50 = 3 THEN 'family' || person / 200 || '@example.org'
        WHEN n % 20 = 11 THEN '  Person' || person || '@Example.ORG '
        WHEN person % 6 = 0 THEN NULL
        ELSE 'person' || person || '@example.org'
    END,
    CASE
        WHEN repeats IN (6, 7) THEN NULL
        WHEN repeats IS NULL AND person % 100 = 21 THEN 'n/a'
        WHEN repeats IS NULL AND person % 100 = 22 THEN 'anonymous'
        WHEN repeats IS NULL AND person % 100 = 23 THEN '+266696687'
        WHEN repeats IS NULL AND person % 100 = 24 THEN '555-01' || lpad((person % 100)::text, 2, '0')
        WHEN repeats IS NULL AND person % 33 = 5 THEN NULL
        WHEN person % 200 = 90 THEN '+44 20 7' || lpad((person % 1000)::text, 3, '0') || ' ' || lpad((person / 1000)::text, 4, '0')
        ELSE CASE n % 7
            WHEN 0 THEN '+1' || area || office || line
            WHEN 1 THEN '(' || area || ') ' || office || '-' || line
            WHEN 2 THEN area || '-' || office || '-' || line
            WHEN 3 THEN area || '.' || office || '.' || line
            WHEN 4 THEN area || office || line
            WHEN 5 THEN '+1 ' || area || ' ' || office || ' ' || line
            ELSE '1-' || area || '-' || office || '-' || line || ' x' || n % 9
        END
    END,
    CASE WHEN n % 4 <> 0 THEN 1 + person % 9000 || ' Maple St' || CASE WHEN n % 7 = 0 THEN ', rear door' ELSE '' END END,
    CASE WHEN n % 5 <> 0 THEN 'Effingham' END,
    CASE WHEN n % 5 <> 0 THEN 'IL' END,
    CASE WHEN n % 5 <> 0 THEN '62401' END,
    CASE person % 10 WHEN 8 THEN 'atlas_home' WHEN 9 THEN NULL ELSE 'effingham_maids' END,
    (ARRAY['customer', 'customer', 'customer', 'lead', 'prospect', 'vendor'])[1 + n % 6],
    CASE WHEN n % 31 = 0 THEN 'archived' WHEN n % 47 = 0 THEN 'inactive' ELSE 'active' END,
    CASE n % 4 WHEN 0 THEN NULL WHEN 1 THEN '{}' WHEN 2 THEN '{vip}' ELSE '{weekly,vip}' END::text[],
    CASE WHEN n % 6 = 0 THEN 'Note ' || n END,
    CASE n % 3 WHEN 0 THEN 'manual' WHEN 1 THEN 'phone_call' ELSE 'web' END,
    CASE WHEN n % 9 = 0 THEN 'ref-' || n END,
    timestamptz '2024-01-01 00:00:00+00' + n % 700 * interval '1 day' + n * interval '1 second',
    timestamptz '2026-01-01 00:00:00+00' + n % 300 * interval '1 day',
    CASE n % 8 WHEN 0 THEN NULL WHEN 1 THEN '{"language": "es"}' WHEN 2 THEN jsonb_build_object('row', n) ELSE '{}' END::jsonb
FROM messy,
    LATERAL (SELECT
        (ARRAY['John', 'Mary', 'José', 'Zoë', 'Robert', 'Linda', 'Siobhán', 'Wei', 'Fatima', 'Jean-Luc', 'Ann', 'Omar', 'Olga'])
            [1 + person % 13]
            -- People spell one another in several ways.
            || CASE WHEN repeats % 3 = 1 THEN ' Q.' ELSE '' END AS first_name,
        (ARRAY['Smith', 'Johnson', 'García', 'O''Brien', 'Müller', 'Nguyen', 'Smith-Jones', 'Kowalczyk', 'Okafor', 'St.Claire', 'Lee'])
            [1 + person / 13 % 11] AS last_name,
        (200 + person % 700)::text AS area, (200 + person / 700 % 700)::text AS office, lpad((person % 9973)::text, 4, '0') AS line
    ) p;

INSERT INTO contact_interactions (id, contact_id, interaction_type, summary, occurred_at)
SELECT ('10000000-0000-4000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, ('c0000000-0000-4000-8000-' || lpad(to_hex(n), 12, '0'))::uuid,
    (ARRAY['call', 'email', 'appointment', 'sms', 'note', 'meeting'])[1 + n % 6], 'Interaction ' || n,
    timestamptz '2026-02-01 00:00:00+00' + n * interval '1 minute'
FROM messy WHERE n % 2 = 1;

INSERT INTO appointments (id, start_time, end_time, service_type, customer_name, customer_phone, business_context_id, contact_id)
SELECT ('a0000000-0000-4000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, at, at + interval '1 hour', 'cleaning', 'Customer ' || n,
    '2175550100', 'effingham_maids', ('c0000000-0000-4000-8000-' || lpad(to_hex(n), 12, '0'))::uuid
FROM messy, LATERAL (SELECT timestamptz '2026-03-01 09:00:00+00' + n * interval '1 hour' AS at) t
WHERE n % 10 IN (2, 7);

INSERT INTO call_transcripts (id, call_sid, from_number, to_number, business_context_id, contact_id)
SELECT ('b0000000-0000-4000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'CA' || md5(n::text), '+12175550100', '+12175550101',
    'effingham_maids', CASE WHEN n % 20 <> 0 THEN ('c0000000-0000-4000-8000-' || lpad(to_hex(n), 12, '0'))::uuid END
FROM messy WHERE n % 10 IN (0, 7);
