#if defined(__linux__)
#define _GNU_SOURCE
#endif
#include "CCurl.h"

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static AtlasCurl table;
static bool opened;
static char why[512] = "libcurl could not be opened";
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void open_once(void) {
    static const char *const names[] = {
#if defined(__APPLE__)
        "/opt/homebrew/opt/curl/lib/libcurl.4.dylib", "/usr/local/opt/curl/lib/libcurl.4.dylib", "libcurl.4.dylib",
        "/usr/lib/libcurl.4.dylib",
#else
        "libcurl.so.4",
#endif
    };
    void *library = NULL;
    for (unsigned i = 0; i < sizeof names / sizeof *names && !library; i++) library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        const char *message = dlerror();
        snprintf(why, sizeof why, "%s", message ? message : "libcurl could not be opened");
        return;
    }
#define X(name)                                                                                                             \
    if (!(table.name = (__typeof__(&name))dlsym(library, #name))) {                                                         \
        snprintf(why, sizeof why, "libcurl is older than 7.80: it has no " #name);                                          \
        return;                                                                                                             \
    }
    ATLAS_CURL_FUNCTIONS(X)
#undef X
    // What proves that nothing is sent twice (PREREQFUNCTION) came with 7.80.
    if (table.curl_version_info(CURLVERSION_NOW)->version_num < 0x075000) {
        snprintf(why, sizeof why, "libcurl is older than 7.80");
        return;
    }
    if (table.curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        snprintf(why, sizeof why, "libcurl could not be initialised");
        return;
    }
    opened = true;
}

const AtlasCurl *atlas_curl(const char **problem) {
    pthread_once(&once, open_once);
    if (opened) return &table;
    if (problem) *problem = why;
    return NULL;
}

CURLcode atlas_curl_set_long(const AtlasCurl *curl, CURL *easy, CURLoption option, long value) {
    return curl->curl_easy_setopt(easy, option, value);
}

CURLcode atlas_curl_set_offset(const AtlasCurl *curl, CURL *easy, CURLoption option, curl_off_t value) {
    return curl->curl_easy_setopt(easy, option, value);
}

CURLcode atlas_curl_set_text(const AtlasCurl *curl, CURL *easy, CURLoption option, const char *value) {
    return curl->curl_easy_setopt(easy, option, value);
}

CURLcode atlas_curl_set_pointer(const AtlasCurl *curl, CURL *easy, CURLoption option, const void *value) {
    return curl->curl_easy_setopt(easy, option, value);
}

CURLcode atlas_curl_set_list(const AtlasCurl *curl, CURL *easy, CURLoption option, struct curl_slist *value) {
    return curl->curl_easy_setopt(easy, option, value);
}

CURLcode atlas_curl_set_blob(const AtlasCurl *curl, CURL *easy, CURLoption option, const void *octets, size_t count) {
    struct curl_blob blob = {.data = (void *)octets, .len = count, .flags = CURL_BLOB_COPY};
    return curl->curl_easy_setopt(easy, option, &blob);
}

CURLcode atlas_curl_set_data_function(const AtlasCurl *curl, CURL *easy, CURLoption option, AtlasCurlData function) {
    return curl->curl_easy_setopt(easy, option, function);
}

CURLcode atlas_curl_set_prerequest(const AtlasCurl *curl, CURL *easy, AtlasCurlPrerequest function) {
    return curl->curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, function);
}

CURLcode atlas_curl_allow_http_only(const AtlasCurl *curl, CURL *easy) {
#if LIBCURL_VERSION_NUM >= 0x075500
    CURLcode code = curl->curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    if (code != CURLE_UNKNOWN_OPTION) return code;
#endif
    // CURLOPT_PROTOCOLS, which headers from 7.85 on deprecate.
    return curl->curl_easy_setopt(easy, (CURLoption)(CURLOPTTYPE_LONG + 181), (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
}

CURLcode atlas_curl_allow_mail_only(const AtlasCurl *curl, CURL *easy, const char *scheme) {
    static const struct {
        const char *scheme;
        long bit;
    } known[] = {
        {"imap", CURLPROTO_IMAP}, {"imaps", CURLPROTO_IMAPS}, {"smtp", CURLPROTO_SMTP}, {"smtps", CURLPROTO_SMTPS}};
    for (unsigned i = 0; i < sizeof known / sizeof *known; i++) {
        if (strcmp(known[i].scheme, scheme)) continue;
#if LIBCURL_VERSION_NUM >= 0x075500
        CURLcode code = curl->curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, scheme);
        if (code != CURLE_UNKNOWN_OPTION) return code;
#endif
        return curl->curl_easy_setopt(easy, (CURLoption)(CURLOPTTYPE_LONG + 181), known[i].bit);
    }
    return CURLE_UNSUPPORTED_PROTOCOL;
}

CURLcode atlas_curl_get_long(const AtlasCurl *curl, CURL *easy, CURLINFO info, long *value) {
    return curl->curl_easy_getinfo(easy, info, value);
}

CURLcode atlas_curl_get_socket(const AtlasCurl *curl, CURL *easy, curl_socket_t *value) {
    return curl->curl_easy_getinfo(easy, CURLINFO_ACTIVESOCKET, value);
}

CURLMcode atlas_curl_set_multi_long(const AtlasCurl *curl, CURLM *multi, CURLMoption option, long value) {
    return curl->curl_multi_setopt(multi, option, value);
}

int atlas_memory_file(const char *name, const void *octets, size_t count) {
#if defined(__linux__)
    int file = memfd_create(name, MFD_CLOEXEC);
    if (file < 0) return -1;
    for (const char *rest = octets; count > 0;) {
        ssize_t written = write(file, rest, count);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) {
            close(file);
            return -1;
        }
        rest += written;
        count -= (size_t)written;
    }
    return file;
#else
    (void)name, (void)octets, (void)count;
    return -1;
#endif
}
