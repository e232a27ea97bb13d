#include "CPostgres.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>

static AtlasPQ table;
static bool opened;
static char why[512] = "libpq could not be opened";
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void open_once(void) {
    static const char *const names[] = {
#if defined(__APPLE__)
        "libpq.5.dylib", "/opt/homebrew/opt/libpq/lib/libpq.5.dylib", "/usr/local/opt/libpq/lib/libpq.5.dylib",
#else
        "libpq.so.5",
#endif
    };
    void *library = NULL;
    for (unsigned i = 0; i < sizeof names / sizeof *names && !library; i++) library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        const char *message = dlerror();
        snprintf(why, sizeof why, "%s", message ? message : "libpq could not be opened");
        return;
    }
#define X(name)                                                                                                             \
    if (!(table.name = (__typeof__(&name))dlsym(library, #name))) {                                                         \
        snprintf(why, sizeof why, "libpq is older than PostgreSQL 14: it has no " #name);                                   \
        return;                                                                                                             \
    }
    ATLAS_PQ_FUNCTIONS(X)
#undef X
    opened = true;
}

const AtlasPQ *atlas_pq(const char **problem) {
    pthread_once(&once, open_once);
    if (opened) return &table;
    if (problem) *problem = why;
    return NULL;
}
