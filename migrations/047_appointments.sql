-- Two visits by the same people never overlap, whoever writes them; and what is left to do after a booking: show it in the calendar,
-- write to the customer.
LOCK TABLE appointments IN ACCESS EXCLUSIVE MODE;

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_extension WHERE extname = 'btree_gist') THEN
        BEGIN
            CREATE EXTENSION btree_gist;
        EXCEPTION
            WHEN insufficient_privilege THEN
                RAISE EXCEPTION 'Atlas needs the PostgreSQL extension btree_gist, and % may not create it', current_user
                    USING HINT = format('Let the owner of the database run: CREATE EXTENSION btree_gist; or grant CREATE on '
                                        'the database to %I.', current_user);
            WHEN undefined_file OR feature_not_supported THEN
                RAISE EXCEPTION 'Atlas needs the PostgreSQL extension btree_gist, which this server does not have'
                    USING HINT = 'Install the contrib package of its version (Debian: postgresql-contrib).';
        END;
    END IF;
END
$$;

ALTER TABLE appointments
    -- Who or what does the visit, where there are several.
    ADD COLUMN IF NOT EXISTS resource text NOT NULL DEFAULT '',
    -- A number of its own for each row that overlapped another one before that was forbidden.
    ADD COLUMN IF NOT EXISTS old_overlap bigint,
    -- Grows with every change of what the calendar shows.
    ADD COLUMN IF NOT EXISTS revision integer NOT NULL DEFAULT 1,
    ADD COLUMN IF NOT EXISTS calendar_id text,
    -- The revision that the calendar shows; null where it was never shown by us.
    ADD COLUMN IF NOT EXISTS synced_revision integer,
    ADD COLUMN IF NOT EXISTS synced_at timestamptz,
    ADD COLUMN IF NOT EXISTS sync_error text,
    ADD COLUMN IF NOT EXISTS sync_attempts integer NOT NULL DEFAULT 0,
    -- Who shows it just now, and until when the others leave it alone.
    ADD COLUMN IF NOT EXISTS sync_worker uuid,
    ADD COLUMN IF NOT EXISTS sync_until timestamptz,
    -- Which letter the customer is still to get.
    ADD COLUMN IF NOT EXISTS letter text CHECK (letter IN ('confirmed', 'moved', 'cancelled')),
    -- When calendar or letter is to be tried again; null when nothing is left to do.
    ADD COLUMN IF NOT EXISTS due_at timestamptz;

CREATE TABLE IF NOT EXISTS appointment_changes (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    appointment_id uuid NOT NULL REFERENCES appointments (id) ON DELETE CASCADE,
    -- The appointment's after the change.
    revision integer NOT NULL,
    kind text NOT NULL CHECK (kind IN ('created', 'rescheduled', 'cancelled')),
    old_start timestamptz,
    old_end timestamptz,
    new_start timestamptz,
    new_end timestamptz,
    reason text,
    changed_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (appointment_id, revision)
);

-- Rows of years past may overlap: each of them gets a number, and so overlaps every row but those. Rows that end before they begin
-- take no time.
DO $$
BEGIN
    IF EXISTS (
        SELECT FROM pg_constraint WHERE conrelid = 'appointments'::regclass AND conname = 'appointments_apart'
    ) THEN
        RETURN;
    END IF;
    UPDATE appointments a
    SET old_overlap = o.number
    FROM (
        SELECT id, row_number() OVER (ORDER BY start_time, id) AS number
        FROM (
            SELECT id, start_time,
                start_time < max(end_time) OVER (
                    PARTITION BY business_context_id, resource ORDER BY start_time, id
                    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS meets_earlier,
                end_time > lead(start_time) OVER (
                    PARTITION BY business_context_id, resource ORDER BY start_time, id) AS meets_later
            FROM appointments
            WHERE status = 'confirmed' AND start_time < end_time
        ) s
        WHERE meets_earlier OR meets_later
    ) o
    WHERE a.id = o.id;

    ALTER TABLE appointments ADD CONSTRAINT appointments_apart EXCLUDE USING gist (
        business_context_id WITH =,
        resource WITH =,
        (CASE WHEN start_time < end_time THEN tstzrange(start_time, end_time) END) WITH &&,
        -- All numbers where there is none, so that only two rows which both have one are let off.
        (int8range(old_overlap, old_overlap + 1)) WITH &&
    ) WHERE (status = 'confirmed');
END
$$;

-- Other programs change appointments, too: the calendar must follow, and who moves one gives up its right to overlap.
CREATE OR REPLACE FUNCTION atlas_appointment_changed() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    NEW.revision := OLD.revision + 1;
    IF (NEW.start_time, NEW.end_time, NEW.resource) IS DISTINCT FROM (OLD.start_time, OLD.end_time, OLD.resource) THEN
        NEW.old_overlap := NULL;
    END IF;
    IF NEW.due_at IS NULL AND OLD.synced_revision IS NOT NULL THEN
        NEW.due_at := now();
    END IF;
    RETURN NEW;
END
$$;

DROP TRIGGER IF EXISTS atlas_appointment_changed ON appointments;
CREATE TRIGGER atlas_appointment_changed BEFORE UPDATE ON appointments
FOR EACH ROW
WHEN ((OLD.start_time, OLD.end_time, OLD.resource, OLD.status, OLD.service_type, OLD.customer_name, OLD.customer_phone,
       OLD.customer_address, OLD.notes)
    IS DISTINCT FROM (NEW.start_time, NEW.end_time, NEW.resource, NEW.status, NEW.service_type, NEW.customer_name,
       NEW.customer_phone, NEW.customer_address, NEW.notes))
EXECUTE FUNCTION atlas_appointment_changed();

-- What is left to do, the longest waiting first.
CREATE INDEX IF NOT EXISTS appointments_due ON appointments (due_at, id) WHERE due_at IS NOT NULL;
-- A phone by its last seven digits, in which every way of writing it ends.
CREATE INDEX IF NOT EXISTS appointments_of_phone ON appointments
    ("right"(regexp_replace(customer_phone, '[^0-9]', '', 'g'), 7), start_time DESC);
-- Customers that are no contacts, by the beginning of their name.
CREATE INDEX IF NOT EXISTS appointments_of_name ON appointments (lower(customer_name) text_pattern_ops, start_time DESC)
    WHERE contact_id IS NULL;
CREATE INDEX IF NOT EXISTS appointments_of_contact ON appointments (contact_id, start_time DESC, id)
    WHERE contact_id IS NOT NULL;
