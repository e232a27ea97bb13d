// libpq, opened on first use.
//
// Linking libpq would map it and some thirty libraries it needs (TLS, Kerberos, LDAP) at every start: about 3 ms and 6 MB for
// servers whose first answers touch no database. So it is opened when the first connection is, and its functions are reached
// through a table that the compiler checks against libpq's own header.
#ifndef ATLAS_CPOSTGRES_H
#define ATLAS_CPOSTGRES_H

#if __has_include(<libpq-fe.h>)
#include <libpq-fe.h>
#elif __has_include(<postgresql/libpq-fe.h>)
#include <postgresql/libpq-fe.h>
#elif __has_include("/opt/homebrew/opt/libpq/include/libpq-fe.h")
#include "/opt/homebrew/opt/libpq/include/libpq-fe.h"
#elif __has_include("/usr/local/opt/libpq/include/libpq-fe.h")
#include "/usr/local/opt/libpq/include/libpq-fe.h"
#else
#error "libpq's header is missing: run script/bootstrap (Debian: libpq-dev, Homebrew: libpq)"
#endif
#include <stdbool.h>

#define ATLAS_PQ_FUNCTIONS(X)                                                                                              \
    X(PQconnectStartParams) X(PQconnectPoll) X(PQsetdbLogin) X(PQconnectdbParams) X(PQfinish) X(PQstatus) X(PQsocket)      \
    X(PQerrorMessage) X(PQserverVersion) X(PQbackendPID) X(PQparameterStatus) X(PQtransactionStatus)                       \
    X(PQsetnonblocking) X(PQflush) X(PQconsumeInput) X(PQisBusy) X(PQgetResult)                                            \
    X(PQexec) X(PQexecParams) X(PQprepare) X(PQexecPrepared)                                                               \
    X(PQsendQuery) X(PQsendQueryParams) X(PQsendPrepare) X(PQsendQueryPrepared)                                                           \
    X(PQenterPipelineMode) X(PQexitPipelineMode) X(PQpipelineSync) X(PQsendFlushRequest) X(PQpipelineStatus)               \
    X(PQresultStatus) X(PQresultErrorField) X(PQresultErrorMessage) X(PQclear)                                             \
    X(PQntuples) X(PQnfields) X(PQfname) X(PQftype) X(PQfformat) X(PQgetvalue) X(PQgetlength) X(PQgetisnull)               \
    X(PQcmdTuples) X(PQcmdStatus) X(PQgetCancel) X(PQfreeCancel) X(PQcancel)                                               \
    X(PQputCopyData) X(PQputCopyEnd) X(PQgetCopyData) X(PQfreemem)                                                         \
    X(PQsetErrorVerbosity) X(PQconnectionNeedsPassword) X(PQsetNoticeReceiver) X(PQconninfoParse) X(PQconninfoFree) X(PQlibVersion) X(PQping)

/// libpq's functions under their own names.
typedef struct {
#define X(name) __typeof__(&name) _Nonnull name;
    ATLAS_PQ_FUNCTIONS(X)
#undef X
} AtlasPQ;

/// Opens libpq, once for the process. NULL when it is missing or too old: then `problem`, if not NULL, says why.
const AtlasPQ *_Nullable atlas_pq(const char *_Nullable *_Nullable problem);

#endif
