// libical, opened on first use, as libpq is: only a calendar needs it, and its libraries (ICU among them) cost every start.
#ifndef ATLAS_CICAL_H
#define ATLAS_CICAL_H

#include <stdint.h>

/// The days of a recurrence rule (RFC 5545, 3.3.10), one after another.
struct atlas_ical_recurrence;

/// Opens a rule at the day from which it counts. It is the caller's duty to give none that repeats more than daily, or that never
/// matches: libical looks for the next match without end.
/// - Parameter answer: takes 1 opened, 0 refused by libical, -1 when libical is missing.
/// - Returns: NULL unless `answer` is 1; otherwise it is to be closed.
struct atlas_ical_recurrence *_Nullable atlas_ical_recurrence_open(
    const char *_Nonnull rule, int year, int month, int day, int *_Nonnull answer);

/// Writes up to `count` further days, counted from 1 January 1970, ascending.
/// - Returns: how many; fewer than `count` at the rule's end.
int atlas_ical_recurrence_next(struct atlas_ical_recurrence *_Nonnull recurrence, int32_t *_Nonnull days, int count);

void atlas_ical_recurrence_close(struct atlas_ical_recurrence *_Nonnull recurrence);

#endif
