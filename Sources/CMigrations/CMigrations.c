#include "CMigrations.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

// A new file in migrations/ gets three lines and one in the table; a test compares the table with the folder.
static const unsigned char m012[] = {
#embed "../../migrations/012_appointments.sql"
};
static const unsigned char m016[] = {
#embed "../../migrations/016_sent_emails.sql"
};
static const unsigned char m030[] = {
#embed "../../migrations/030_call_transcripts.sql"
};
static const unsigned char m034[] = {
#embed "../../migrations/034_call_drafts.sql"
};
static const unsigned char m035[] = {
#embed "../../migrations/035_contacts.sql"
};
static const unsigned char m036[] = {
#embed "../../migrations/036_call_contact.sql"
};
static const unsigned char m037[] = {
#embed "../../migrations/037_identity.sql"
};
static const unsigned char m038[] = {
#embed "../../migrations/038_contact_counts.sql"
};
static const unsigned char m039[] = {
#embed "../../migrations/039_name_search.sql"
};
static const unsigned char m040[] = {
#embed "../../migrations/040_idempotency_keys.sql"
};
static const unsigned char m041[] = {
#embed "../../migrations/041_duplicates.sql"
};
static const unsigned char m042[] = {
#embed "../../migrations/042_interaction_sources.sql"
};
static const unsigned char m043[] = {
#embed "../../migrations/043_outbox.sql"
};
static const unsigned char m044[] = {
#embed "../../migrations/044_calls.sql"
};
static const unsigned char m045[] = {
#embed "../../migrations/045_sent_emails.sql"
};
static const unsigned char m046[] = {
#embed "../../migrations/046_calendars.sql"
};
static const unsigned char m047[] = {
#embed "../../migrations/047_appointments.sql"
};
static const unsigned char m048[] = {
#embed "../../migrations/048_context.sql"
};
static const unsigned char m049[] = {
#embed "../../migrations/049_approvals.sql"
};
static const unsigned char m050[] = {
#embed "../../migrations/050_many_contacts.sql"
};
static const unsigned char m051[] = {
#embed "../../migrations/051_supervision.sql"
};
static const unsigned char m052[] = {
#embed "../../migrations/052_identity_cost.sql"
};

#define M(array, name) { name, array, sizeof array }
static const AtlasMigration all[] = {
    M(m012, "012_appointments.sql"),
    M(m016, "016_sent_emails.sql"),
    M(m030, "030_call_transcripts.sql"),
    M(m034, "034_call_drafts.sql"),
    M(m035, "035_contacts.sql"),
    M(m036, "036_call_contact.sql"),
    M(m037, "037_identity.sql"),
    M(m038, "038_contact_counts.sql"),
    M(m039, "039_name_search.sql"),
    M(m040, "040_idempotency_keys.sql"),
    M(m041, "041_duplicates.sql"),
    M(m042, "042_interaction_sources.sql"),
    M(m043, "043_outbox.sql"),
    M(m044, "044_calls.sql"),
    M(m045, "045_sent_emails.sql"),
    M(m046, "046_calendars.sql"),
    M(m047, "047_appointments.sql"),
    M(m048, "048_context.sql"),
    M(m049, "049_approvals.sql"),
    M(m050, "050_many_contacts.sql"),
    M(m051, "051_supervision.sql"),
    M(m052, "052_identity_cost.sql"),
};

long atlas_migrations_count(void) { return sizeof all / sizeof *all; }
AtlasMigration atlas_migrations_at(long index) { return all[index]; }
