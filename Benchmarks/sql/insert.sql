\set n random(1, 1000000000000)
INSERT INTO contacts (id, full_name, first_name, last_name, email, phone, phone_e164, email_normalized, phones, emails,
    search_name, contact_type, status, source, tags, metadata)
VALUES (gen_random_uuid(), 'Nova Person', 'Nova', 'Person', 'nova.' || :n || '@example.org', '+997' || :n, '+997' || :n,
    'nova.' || :n || '@example.org', ARRAY['+997' || :n], ARRAY['nova.' || :n || '@example.org'], 'nova person', 'customer',
    'active', 'manual', '{}', '{}');
