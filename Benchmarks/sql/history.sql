-- A long history for :customers of the contacts that seed.sql made: 500 interactions, 200 appointments, 200 calls and 500 e-mails
-- each, among those of everybody else. The same every time.
SET synchronous_commit = off;

CREATE TEMPORARY TABLE customers AS
SELECT i, md5('contact ' || i * 10 + 1)::uuid AS id, c.email, c.full_name
FROM generate_series(1, :customers) AS i JOIN contacts c ON c.id = md5('contact ' || i * 10 + 1)::uuid;

INSERT INTO contact_interactions (contact_id, interaction_type, summary, occurred_at, metadata)
SELECT id, (ARRAY['call', 'email', 'note', 'sms', 'meeting'])[1 + n % 5], 'Talked about the next visit, the key and the garden gate ' || n,
    timestamptz '2026-01-01' + n * interval '11 hours', jsonb_build_object('n', n)
FROM customers, generate_series(1, 500) AS n ORDER BY n, i;

INSERT INTO appointments (contact_id, start_time, end_time, service_type, customer_name, customer_phone, customer_email,
    business_context_id, resource, notes, status)
SELECT id, now() + (n - 190) * interval '1 day', now() + (n - 190) * interval '1 day' + interval '2 hours', 'deep clean', full_name, '',
    email, '', 'crew ' || i, 'Key under the mat, dog in the yard', CASE WHEN n % 9 = 0 THEN 'cancelled' ELSE 'confirmed' END
FROM customers, generate_series(1, 200) AS n ORDER BY n, i;

INSERT INTO call_transcripts (call_sid, from_number, to_number, business_context_id, contact_id, duration_seconds, transcript, summary,
    status, direction, created_at, extracted_data)
SELECT 'CA' || md5(i || ' ' || n), '+12175550134', '+12175550100', '', id, 95,
    repeat('Agent: How can I help? Caller: I would like a quote for a deep clean. ', 30), 'Wants a quote for a deep clean ' || n, 'ready',
    'inbound', timestamptz '2026-01-01' + n * interval '29 hours',
    jsonb_build_object('intent', 'estimate_request', 'follow_up_needed', n % 3 = 0, 'services_mentioned', jsonb_build_array('deep clean'))
FROM customers, generate_series(1, 200) AS n ORDER BY n, i;

INSERT INTO sent_emails (to_addresses, subject, body, template_type, sent_at)
SELECT ARRAY[email], 'Your estimate ' || n, repeat('Thank you for your enquiry. ', 40), 'estimate',
    timestamptz '2026-01-01' + n * interval '11 hours'
FROM customers, generate_series(1, 500) AS n ORDER BY n, i;

-- What everybody else has: a visit and a call each, of one in eight, and a letter, of every other.
INSERT INTO appointments (contact_id, start_time, end_time, service_type, customer_name, customer_phone, customer_email,
    business_context_id, resource, status)
SELECT id, created_at, created_at + interval '2 hours', 'deep clean', full_name, '', email, '', id::text, 'confirmed'
FROM contacts WHERE id::text < '2';

INSERT INTO call_transcripts (call_sid, from_number, to_number, business_context_id, contact_id, duration_seconds, transcript, summary,
    status, direction, created_at, extracted_data)
SELECT 'CA' || md5(id::text), '+12175550134', '+12175550100', '', id, 95,
    repeat('Agent: How can I help? Caller: I would like a quote for a deep clean. ', 30), 'Wants a quote for a deep clean', 'ready',
    'inbound', updated_at, '{"intent": "estimate_request", "follow_up_needed": true}'
FROM contacts WHERE id::text < '2';

INSERT INTO sent_emails (to_addresses, subject, body, template_type, sent_at)
SELECT ARRAY[email], 'Your estimate', repeat('Thank you for your enquiry. ', 40), 'estimate', updated_at
FROM contacts WHERE email IS NOT NULL AND id::text < '8';
