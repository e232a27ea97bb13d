// The files of migrations/, embedded into the binary.
#ifndef ATLAS_CMIGRATIONS_H
#define ATLAS_CMIGRATIONS_H

typedef struct {
    const char *name; // "035_contacts.sql"
    const unsigned char *bytes;
    long count;
} AtlasMigration;

/// How many there are.
long atlas_migrations_count(void);
/// The one at `index`, in the order they are applied.
AtlasMigration atlas_migrations_at(long index);

#endif
