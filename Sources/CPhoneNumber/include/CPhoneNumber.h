// libphonenumber (C++) behind two C functions. No exception leaves them.
#ifndef ATLAS_CPHONENUMBER_H
#define ATLAS_CPHONENUMBER_H

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
    char e164[32];          // "" when the number is not a possible one
    char national[64];      // as written inside its country
    char international[64]; // as written from abroad
    char extension[24];     // "" when there is none; not part of the other texts
    char region[8];         // ISO 3166-1 alpha-2, "001" for worldwide numbers, "" unknown
    int calling_code;
    int is_possible; // from anywhere: with its area code
    int is_valid;
    int line_type; // i18n::phonenumbers::PhoneNumberUtil::PhoneNumberType
} AtlasPhoneNumber;

/// Reads `text` (`length` octets of UTF-8) as a number dialled in `region`. 0: read; otherwise the library's error, or -1.
int atlas_phone_parse(const char *text, long length, const char *region, AtlasPhoneNumber *result);

/// The calling code of `region`, 0 when there is none.
int atlas_phone_calling_code(const char *region);

#ifdef __cplusplus
}
#endif
#endif
