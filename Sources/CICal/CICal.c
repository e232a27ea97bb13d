#include "CICal.h"

#include <dlfcn.h>
#include <libical/ical.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

#define FUNCTIONS(X)                                                                                                        \
    X(icalerror_set_errors_are_fatal) X(icalrecurrencetype_from_string) X(icalrecur_iterator_new) X(icalrecur_iterator_next)  \
    X(icalrecur_iterator_free)

static struct {
#define X(name) __typeof__(&name) name;
    FUNCTIONS(X)
#undef X
} ical;
static bool opened;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void open_once(void) {
    static const char *const names[] = {
#if defined(__APPLE__)
        "libical.3.dylib", "/opt/homebrew/lib/libical.3.dylib", "/usr/local/lib/libical.3.dylib",
#else
        "libical.so.3",
#endif
    };
    void *library = NULL;
    for (unsigned i = 0; i < sizeof names / sizeof *names && !library; i++) library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
    if (!library) return;
#define X(name)                                                                                                             \
    if (!(ical.name = (__typeof__(&name))dlsym(library, #name))) return;
    FUNCTIONS(X)
#undef X
    // Debian's build aborts the process on a bad argument otherwise.
    ical.icalerror_set_errors_are_fatal(0);
    opened = true;
}

struct atlas_ical_recurrence *atlas_ical_recurrence_open(
    const char *rule, int year, int month, int day, int *answer) {
    pthread_once(&once, open_once);
    *answer = opened ? 0 : -1;
    if (!opened) return NULL;
    struct icalrecurrencetype parts = ical.icalrecurrencetype_from_string(rule);
    if (parts.freq < ICAL_DAILY_RECURRENCE || parts.freq > ICAL_YEARLY_RECURRENCE) return NULL;
    struct icaltimetype start = {.year = year, .month = month, .day = day};
    icalrecur_iterator *iterator = ical.icalrecur_iterator_new(parts, start);
    *answer = iterator != NULL;
    return (struct atlas_ical_recurrence *)iterator;
}

// Days since 1970 of a day of the proleptic Gregorian calendar; years are counted from March, so that the leap day comes last.
static int32_t days_since_1970(int year, int month, int day) {
    int shifted = month <= 2 ? year - 1 : year;
    int era = shifted / 400, year_of_era = shifted - era * 400;
    int day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

int atlas_ical_recurrence_next(struct atlas_ical_recurrence *recurrence, int32_t *days, int count) {
    int written = 0;
    while (written < count) {
        struct icaltimetype time = ical.icalrecur_iterator_next((icalrecur_iterator *)recurrence);
        // The null time: the end.
        if (time.year <= 0 || time.year > 9999 || time.month < 1 || time.month > 12) break;
        days[written++] = days_since_1970(time.year, time.month, time.day);
    }
    return written;
}

void atlas_ical_recurrence_close(struct atlas_ical_recurrence *recurrence) {
    ical.icalrecur_iterator_free((icalrecur_iterator *)recurrence);
}
