-- The built-in calendar, for a business that keeps no other: calendars, and their events as the iCalendar objects that they are.
CREATE TABLE IF NOT EXISTS calendars (
    id uuid PRIMARY KEY,
    -- Blank where there is none.
    business_context_id text NOT NULL DEFAULT '',
    name text NOT NULL CHECK (name <> ''),
    color text CHECK (color ~ '^#[0-9A-Fa-f]{6}$'),
    is_primary boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (business_context_id, name)
);

-- Servers make it when it is first asked for; one of them succeeds.
CREATE UNIQUE INDEX IF NOT EXISTS calendars_primary ON calendars (business_context_id) WHERE is_primary;

CREATE TABLE IF NOT EXISTS calendar_events (
    id uuid PRIMARY KEY,
    calendar_id uuid NOT NULL REFERENCES calendars (id) ON DELETE CASCADE,
    uid text NOT NULL CHECK (uid <> '' AND octet_length(uid) <= 1000),
    -- A calendar object resource (RFC 4791, 4.1): an event with its rule, its exceptions and its time zone.
    icalendar bytea NOT NULL,
    -- No occurrence is outside of these, in whatever time zone its days are meant; null where they never end.
    starts_at timestamptz NOT NULL,
    ends_at timestamptz CHECK (starts_at <= ends_at),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (calendar_id, uid)
);

CREATE INDEX IF NOT EXISTS calendar_events_extent ON calendar_events USING gist (tstzrange(starts_at, ends_at));
