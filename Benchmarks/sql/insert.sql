\set n random(1, 1000000000000)
INSERT INTO contacts (full_name, first_name, last_name, email, email_normalized, emails, phone, phone_e164, phones, contact_type,
    status, tags, source, metadata)
VALUES ('Nova Person', 'Nova', 'Person', 'nova.' || :n || '@example.org', 'nova.' || :n || '@example.org',
    ARRAY['nova.' || :n || '@example.org'], '+997' || :n, '+997' || :n, ARRAY['+997' || :n], 'customer', 'active', '{}',
    'manual', '{}');
