// libcurl, opened on first use.
//
// Linking libcurl would map it and some thirty libraries it needs (TLS, HTTP/2, Kerberos, LDAP) at every start, for servers whose
// first answers touch no network. So it is opened when the first request is made, and its functions are reached through a table
// that the compiler checks against libcurl's own header.
#ifndef ATLAS_CCURL_H
#define ATLAS_CCURL_H

// Handles import as OpaquePointer (CURL_NO_OLDIES implies CURL_STRICTER), and functions are not hidden behind macros.
#define CURL_NO_OLDIES
#define CURL_DISABLE_TYPECHECK

#if __has_include(<curl/curl.h>)
#include <curl/curl.h>
#elif __has_include("/opt/homebrew/opt/curl/include/curl/curl.h")
#include "/opt/homebrew/opt/curl/include/curl/curl.h"
#elif __has_include("/usr/local/opt/curl/include/curl/curl.h")
#include "/usr/local/opt/curl/include/curl/curl.h"
#else
#error "libcurl's header is missing: run script/bootstrap (Debian: libcurl4-openssl-dev, Homebrew: curl)"
#endif
#include <stdbool.h>
#include <stddef.h>

// A cast hides it from Swift.
enum { ATLAS_CURLAUTH_DIGEST = CURLAUTH_DIGEST };

#if LIBCURL_VERSION_NUM < 0x075000
#error "libcurl 7.80 or newer is needed"
#endif

#define ATLAS_CURL_FUNCTIONS(X)                                                                                            \
    X(curl_global_init) X(curl_version_info)                                                                               \
    X(curl_easy_init) X(curl_easy_reset) X(curl_easy_cleanup) X(curl_easy_setopt)                                          \
    X(curl_easy_send) X(curl_easy_recv) X(curl_easy_getinfo)                                                               \
    X(curl_multi_init) X(curl_multi_cleanup) X(curl_multi_setopt) X(curl_multi_add_handle) X(curl_multi_remove_handle)     \
    X(curl_multi_perform) X(curl_multi_poll) X(curl_multi_wakeup) X(curl_multi_info_read)                                  \
    X(curl_slist_append) X(curl_slist_free_all)                                                                            \
    X(curl_url) X(curl_url_cleanup) X(curl_url_set) X(curl_url_get) X(curl_free)

/// libcurl's functions under their own names. Those that take a variable argument are called by the functions below.
typedef struct {
#define X(name) __typeof__(&name) _Nonnull name;
    ATLAS_CURL_FUNCTIONS(X)
#undef X
} AtlasCurl;

/// Opens libcurl, once for the process. NULL when it is missing or too old: then `problem`, if not NULL, says why.
const AtlasCurl *_Nullable atlas_curl(const char *_Nullable *_Nullable problem);

typedef size_t (*AtlasCurlData)(char *_Nonnull data, size_t size, size_t count, void *_Nullable context);
typedef int (*AtlasCurlPrerequest)(
    void *_Nullable context, char *_Nullable peer, char *_Nullable local, int peerPort, int localPort);

/// Sets options of libcurl's type "long".
CURLcode atlas_curl_set_long(const AtlasCurl *_Nonnull, CURL *_Nonnull, CURLoption, long);
/// Sets options of libcurl's type "curl_off_t".
CURLcode atlas_curl_set_offset(const AtlasCurl *_Nonnull, CURL *_Nonnull, CURLoption, curl_off_t);
/// Sets options that are text (libcurl copies it), NULL included.
CURLcode atlas_curl_set_text(const AtlasCurl *_Nonnull, CURL *_Nonnull, CURLoption, const char *_Nullable);
/// Sets options that are pointers, which libcurl keeps; the octets of COPYPOSTFIELDS it copies.
CURLcode atlas_curl_set_pointer(const AtlasCurl *_Nonnull, CURL *_Nonnull, CURLoption, const void *_Nullable);
CURLcode atlas_curl_set_list(const AtlasCurl *_Nonnull, CURL *_Nonnull, CURLoption, struct curl_slist *_Nullable);
/// Sets an option that is a blob, which libcurl copies.
CURLcode atlas_curl_set_blob(
    const AtlasCurl *_Nonnull, CURL *_Nonnull, CURLoption, const void *_Nonnull octets, size_t count);
/// Sets WRITEFUNCTION, HEADERFUNCTION and READFUNCTION, which have one shape.
CURLcode atlas_curl_set_data_function(const AtlasCurl *_Nonnull, CURL *_Nonnull, CURLoption, AtlasCurlData _Nonnull);
CURLcode atlas_curl_set_prerequest(const AtlasCurl *_Nonnull, CURL *_Nonnull, AtlasCurlPrerequest _Nonnull);
/// Allows http and https and nothing else.
CURLcode atlas_curl_allow_http_only(const AtlasCurl *_Nonnull, CURL *_Nonnull);
/// Allows one of imap, imaps, smtp and smtps and nothing else.
CURLcode atlas_curl_allow_mail_only(const AtlasCurl *_Nonnull, CURL *_Nonnull, const char *_Nonnull scheme);
/// Reads CURLINFOs of libcurl's type "long".
CURLcode atlas_curl_get_long(const AtlasCurl *_Nonnull, CURL *_Nonnull, CURLINFO, long *_Nonnull);
/// Reads CURLINFO_ACTIVESOCKET: the socket of a handle with CONNECT_ONLY.
CURLcode atlas_curl_get_socket(const AtlasCurl *_Nonnull, CURL *_Nonnull, curl_socket_t *_Nonnull);
CURLMcode atlas_curl_set_multi_long(const AtlasCurl *_Nonnull, CURLM *_Nonnull, CURLMoption, long);

/// A file in memory that no folder shows, with these octets: its descriptor, or -1 where the system has no such files. As long as
/// the descriptor is open, the file can be read under /proc/self/fd.
int atlas_memory_file(const char *_Nonnull name, const void *_Nonnull octets, size_t count);

#endif
