-- The people and companies we deal with, what passed between us, and whose an appointment is.
CREATE TABLE IF NOT EXISTS contacts (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    full_name varchar(256) NOT NULL,
    first_name varchar(128),
    last_name varchar(128),
    email varchar(256),
    phone varchar(32),
    address text,
    city varchar(128),
    state varchar(64),
    zip varchar(16),
    business_context_id varchar(64),
    contact_type varchar(32) NOT NULL DEFAULT 'customer',
    status varchar(32) NOT NULL DEFAULT 'active',
    tags text[] DEFAULT '{}',
    notes text,
    source varchar(64) DEFAULT 'manual',
    source_ref varchar(256),
    created_at timestamptz NOT NULL DEFAULT current_timestamp,
    updated_at timestamptz NOT NULL DEFAULT current_timestamp,
    metadata jsonb DEFAULT '{}'::jsonb
);

CREATE INDEX IF NOT EXISTS idx_contacts_name_fts ON contacts USING gin (to_tsvector('english', full_name));
CREATE INDEX IF NOT EXISTS idx_contacts_phone ON contacts (phone);
CREATE INDEX IF NOT EXISTS idx_contacts_email ON contacts (email);
CREATE INDEX IF NOT EXISTS idx_contacts_business_context ON contacts (business_context_id, status, contact_type);
CREATE INDEX IF NOT EXISTS idx_contacts_status ON contacts (status, updated_at DESC);

CREATE TABLE IF NOT EXISTS contact_interactions (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    contact_id uuid NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
    interaction_type varchar(32) NOT NULL,
    summary text,
    occurred_at timestamptz NOT NULL DEFAULT current_timestamp,
    created_at timestamptz NOT NULL DEFAULT current_timestamp,
    metadata jsonb DEFAULT '{}'::jsonb
);

CREATE INDEX IF NOT EXISTS idx_contact_interactions_contact ON contact_interactions (contact_id, occurred_at DESC);

ALTER TABLE appointments ADD COLUMN IF NOT EXISTS contact_id uuid REFERENCES contacts (id) ON DELETE SET NULL;
CREATE INDEX IF NOT EXISTS idx_appointments_contact_id ON appointments (contact_id) WHERE contact_id IS NOT NULL;
