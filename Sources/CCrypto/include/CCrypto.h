// OpenSSL's libcrypto, opened on first use, as libpq is: only who has a service account of Google's signs anything. The few functions
// are declared in the source, so no headers of OpenSSL's are needed to build.
#ifndef ATLAS_CCRYPTO_H
#define ATLAS_CCRYPTO_H

#include <stddef.h>
#include <stdint.h>

typedef enum {
    atlas_crypto_ok,
    /// libcrypto 1.1.1 or newer is not installed.
    atlas_crypto_missing,
    /// The text holds no RSA key of at least 2048 bits in PEM that is not encrypted.
    atlas_crypto_no_key,
} atlas_crypto_problem;

/// An RSA private key from PEM (PKCS #8 or PKCS #1); null where `problem` says why. Never asks for a passphrase. May be used by
/// several threads at once.
void *_Nullable atlas_rsa_open(const uint8_t *_Nonnull pem, size_t length, atlas_crypto_problem *_Nonnull problem);

/// Signs by RSASSA-PKCS1-v1_5 with SHA-256 (RFC 7518, 3.3: RS256).
/// - Returns: how many octets the signature has; 0 when there is none, or it does not fit.
size_t atlas_rsa_sign(
    void *_Nonnull key, const uint8_t *_Nonnull octets, size_t length, uint8_t *_Nonnull signature, size_t size);

/// Frees the key; libcrypto wipes it.
void atlas_rsa_close(void *_Nonnull key);

/// Overwrites memory that held a secret, which no compiler leaves out.
void atlas_wipe(void *_Nonnull memory, size_t length);

#endif
