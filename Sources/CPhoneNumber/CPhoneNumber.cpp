#include "CPhoneNumber.h"

#include <phonenumbers/phonenumberutil.h>

#include <cstring>
#include <string>

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

template <size_t N>
static void copy(char (&to)[N], const std::string &from) {
    size_t count = from.size() < N ? from.size() : 0;
    std::memcpy(to, from.data(), count);
    to[count] = 0;
}

extern "C" int atlas_phone_parse(const char *text, long length, const char *region, AtlasPhoneNumber *result) {
    try {
        std::memset(result, 0, sizeof *result);
        // Never destroyed by us: the library keeps one for the process, and loads its metadata (25 ms) here, on first use.
        PhoneNumberUtil *util = PhoneNumberUtil::GetInstance();
        PhoneNumber number;
        auto error = util->Parse(std::string(text, static_cast<size_t>(length)), region, &number);
        if (error != PhoneNumberUtil::NO_PARSING_ERROR) return static_cast<int>(error);
        copy(result->extension, number.extension());
        number.clear_extension();
        result->calling_code = number.country_code();
        // Not IsPossibleNumber, which takes seven digits without an area code (possible locally) for a number of the country.
        result->is_possible = util->IsPossibleNumberWithReason(number) == PhoneNumberUtil::IS_POSSIBLE;
        result->is_valid = util->IsValidNumber(number);
        result->line_type = static_cast<int>(util->GetNumberType(number));
        std::string out;
        util->GetRegionCodeForNumber(number, &out);
        copy(result->region, out);
        if (result->is_possible) {
            util->Format(number, PhoneNumberUtil::E164, &out);
            copy(result->e164, out);
        }
        util->Format(number, PhoneNumberUtil::NATIONAL, &out);
        copy(result->national, out);
        util->Format(number, PhoneNumberUtil::INTERNATIONAL, &out);
        copy(result->international, out);
        return 0;
    } catch (...) {
        return -1;
    }
}

extern "C" int atlas_phone_calling_code(const char *region) {
    try {
        return PhoneNumberUtil::GetInstance()->GetCountryCodeForRegion(region);
    } catch (...) {
        return 0;
    }
}
