#include "CCrypto.h"

#include <dlfcn.h>
#include <limits.h>
#include <pthread.h>
#include <stdbool.h>

// As OpenSSL 1.1.1 and 3.x declare them; all of these types are opaque to us.
typedef struct bio_st BIO;
typedef struct evp_pkey_st EVP_PKEY;
typedef struct evp_pkey_ctx_st EVP_PKEY_CTX;
typedef struct evp_md_st EVP_MD;
typedef struct evp_md_ctx_st EVP_MD_CTX;
typedef struct engine_st ENGINE;
typedef int pem_password_cb(char *buffer, int size, int is_writing, void *context);
enum { PKEY_RSA = 6 };  // NID_rsaEncryption

#define FUNCTIONS(X)                                                                                                        \
    X(BIO *, BIO_new_mem_buf, (const void *, int))                                                                          \
    X(int, BIO_free, (BIO *))                                                                                               \
    X(EVP_PKEY *, PEM_read_bio_PrivateKey, (BIO *, EVP_PKEY **, pem_password_cb *, void *))                                 \
    X(void, EVP_PKEY_free, (EVP_PKEY *))                                                                                    \
    X(const EVP_MD *, EVP_sha256, (void))                                                                                   \
    X(EVP_MD_CTX *, EVP_MD_CTX_new, (void))                                                                                 \
    X(void, EVP_MD_CTX_free, (EVP_MD_CTX *))                                                                                \
    X(int, EVP_DigestSignInit, (EVP_MD_CTX *, EVP_PKEY_CTX **, const EVP_MD *, ENGINE *, EVP_PKEY *))                       \
    X(int, EVP_DigestSign, (EVP_MD_CTX *, unsigned char *, size_t *, const unsigned char *, size_t))                        \
    X(void, ERR_clear_error, (void))

static struct {
#define X(type, name, parameters) type(*name) parameters;
    FUNCTIONS(X)
#undef X
    // OpenSSL 3.0 gave these two other names.
    int (*base_id)(const EVP_PKEY *);
    int (*bits)(const EVP_PKEY *);
} crypto;
static bool opened;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void *either(void *library, const char *name, const char *former) {
    void *found = dlsym(library, name);
    return found ? found : dlsym(library, former);
}

static void open_once(void) {
    static const char *const names[] = {
#if defined(__APPLE__)
        // By their full names: macOS ends a program that opens libcrypto by its bare one.
        "/opt/homebrew/opt/openssl@3/lib/libcrypto.3.dylib", "/usr/local/opt/openssl@3/lib/libcrypto.3.dylib",
#else
        "libcrypto.so.3", "libcrypto.so.1.1",
#endif
    };
    void *library = NULL;
    for (unsigned i = 0; i < sizeof names / sizeof *names && !library; i++) library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
    if (!library) return;
#define X(type, name, parameters)                                                                                           \
    if (!(crypto.name = (__typeof__(crypto.name))dlsym(library, #name))) return;
    FUNCTIONS(X)
#undef X
    crypto.base_id = (__typeof__(crypto.base_id))either(library, "EVP_PKEY_get_base_id", "EVP_PKEY_base_id");
    crypto.bits = (__typeof__(crypto.bits))either(library, "EVP_PKEY_get_bits", "EVP_PKEY_bits");
    opened = crypto.base_id && crypto.bits;
}

// Without this libcrypto would ask at the terminal for the passphrase of an encrypted key.
static int no_passphrase(char *buffer, int size, int is_writing, void *context) {
    (void)buffer, (void)size, (void)is_writing, (void)context;
    return -1;
}

void *atlas_rsa_open(const uint8_t *pem, size_t length, atlas_crypto_problem *problem) {
    pthread_once(&once, open_once);
    *problem = opened ? atlas_crypto_no_key : atlas_crypto_missing;
    if (!opened || length > INT_MAX) return NULL;
    BIO *text = crypto.BIO_new_mem_buf(pem, (int)length);
    EVP_PKEY *key = text ? crypto.PEM_read_bio_PrivateKey(text, NULL, no_passphrase, NULL) : NULL;
    if (text) crypto.BIO_free(text);
    crypto.ERR_clear_error();
    if (!key) return NULL;
    if (crypto.base_id(key) != PKEY_RSA || crypto.bits(key) < 2048) {
        crypto.EVP_PKEY_free(key);
        return NULL;
    }
    *problem = atlas_crypto_ok;
    return key;
}

size_t atlas_rsa_sign(void *key, const uint8_t *octets, size_t length, uint8_t *signature, size_t size) {
    EVP_MD_CTX *context = crypto.EVP_MD_CTX_new();
    if (!context) return 0;
    size_t written = size;
    bool is_signed = crypto.EVP_DigestSignInit(context, NULL, crypto.EVP_sha256(), NULL, key) == 1 &&
                     crypto.EVP_DigestSign(context, signature, &written, octets, length) == 1;
    crypto.EVP_MD_CTX_free(context);
    crypto.ERR_clear_error();
    return is_signed ? written : 0;
}

void atlas_rsa_close(void *key) { crypto.EVP_PKEY_free(key); }

void atlas_wipe(void *memory, size_t length) {
    volatile unsigned char *octets = memory;
    while (length--) *octets++ = 0;
}
