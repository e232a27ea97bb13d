#include "CMigrations.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

// A new file in migrations/ gets two lines here; a test compares this table with the folder.
static const unsigned char m012[] = {
#embed "../../migrations/012_appointments.sql"
};

#define M(array, name) { name, array, sizeof array }
static const AtlasMigration all[] = {
    M(m012, "012_appointments.sql"),
};

long atlas_migrations_count(void) { return sizeof all / sizeof *all; }
AtlasMigration atlas_migrations_at(long index) { return all[index]; }
