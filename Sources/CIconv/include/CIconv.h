#ifndef ATLAS_CICONV_H
#define ATLAS_CICONV_H

#include <errno.h>
#include <iconv.h>
#include <stddef.h>
#include <stdint.h>

/// A conversion from `charset` to UTF-8; null where the system does not know it. iconv is in no module of Darwin's, and its
/// failure is a pointer of -1, which Swift cannot spell: so it has this room.
static inline void *_Nullable atlas_iconv_open(const char *_Nonnull charset) {
    iconv_t conversion = iconv_open("UTF-8", charset);
    return conversion == (iconv_t)-1 ? NULL : (void *)conversion;
}

/// What stopped a conversion.
typedef enum {
    atlas_iconv_done,
    atlas_iconv_full,
    atlas_iconv_invalid,
    atlas_iconv_incomplete,
} atlas_iconv_stop;

/// Converts as far as it goes, and moves the four on. A null `*input` writes what the conversion still holds back.
static inline atlas_iconv_stop atlas_iconv(
    void *_Nonnull conversion, const uint8_t *_Nullable *_Nonnull input, size_t *_Nonnull input_left,
    uint8_t *_Nonnull *_Nonnull output, size_t *_Nonnull output_left) {
    errno = 0;
    size_t result = *input == NULL
        ? iconv((iconv_t)conversion, NULL, NULL, (char **)output, output_left)
        : iconv((iconv_t)conversion, (char **)input, input_left, (char **)output, output_left);
    if (result != (size_t)-1) return atlas_iconv_done;
    if (errno == E2BIG) return atlas_iconv_full;
    return errno == EINVAL ? atlas_iconv_incomplete : atlas_iconv_invalid;
}

static inline void atlas_iconv_close(void *_Nonnull conversion) { iconv_close((iconv_t)conversion); }

#endif
