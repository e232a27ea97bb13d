-- Visits a customer booked, and messages a caller left for the business.
-- Files 012 to 036 state the tables of the reference system as it has them, so that each is a no-op on a database that it made.
CREATE TABLE IF NOT EXISTS appointments (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    start_time timestamptz NOT NULL,
    end_time timestamptz NOT NULL,
    duration_minutes integer NOT NULL DEFAULT 60,
    service_type varchar(128) NOT NULL,
    notes text DEFAULT '',
    customer_name varchar(256) NOT NULL,
    customer_phone varchar(32) NOT NULL,
    customer_email varchar(256),
    customer_address text,
    calendar_event_id varchar(256),
    business_context_id varchar(64) NOT NULL,
    call_id uuid,
    status varchar(32) NOT NULL DEFAULT 'confirmed',
    created_at timestamptz NOT NULL DEFAULT current_timestamp,
    updated_at timestamptz NOT NULL DEFAULT current_timestamp,
    cancelled_at timestamptz,
    cancellation_reason text,
    confirmation_sent boolean DEFAULT false,
    confirmation_sent_at timestamptz,
    reminder_sent boolean DEFAULT false,
    reminder_sent_at timestamptz,
    metadata jsonb DEFAULT '{}'::jsonb
);

CREATE INDEX IF NOT EXISTS idx_appointments_start_time ON appointments (start_time) WHERE status = 'confirmed';
CREATE INDEX IF NOT EXISTS idx_appointments_customer_phone ON appointments (customer_phone, start_time DESC)
    WHERE status = 'confirmed';
CREATE INDEX IF NOT EXISTS idx_appointments_business_context ON appointments (business_context_id, start_time)
    WHERE status = 'confirmed';
CREATE INDEX IF NOT EXISTS idx_appointments_calendar_event ON appointments (calendar_event_id)
    WHERE calendar_event_id IS NOT NULL;

CREATE TABLE IF NOT EXISTS appointment_messages (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    caller_phone varchar(32) NOT NULL,
    caller_name varchar(256),
    message_text text NOT NULL,
    business_context_id varchar(64) NOT NULL,
    call_id uuid,
    read boolean DEFAULT false,
    read_at timestamptz,
    responded boolean DEFAULT false,
    responded_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT current_timestamp,
    metadata jsonb DEFAULT '{}'::jsonb
);

CREATE INDEX IF NOT EXISTS idx_appointment_messages_unread ON appointment_messages (created_at DESC) WHERE read = false;
