import CPhoneNumber

/// All that libphonenumber knows of a number.
public struct PhoneDescription: Sendable, Equatable {
    /// E.164; nil when the number is not a possible one.
    public let e164: String?
    /// As written inside its country: `(217) 555-0134`.
    public let national: String
    /// As written from abroad: `+1 217-555-0134`.
    public let international: String
    /// ISO 3166-1 alpha-2, `001` for worldwide numbers; nil when unknown.
    public let region: String?
    /// The country's calling code: 1, 44 …
    public let callingCode: Int
    /// What follows the number inside its house, in digits.
    public let phoneExtension: String?
    /// Whether the number stands in a range that is in use. Fictional numbers do not.
    public let isValid: Bool

    /// - Returns: nil for what is no number at all.
    public init?(_ text: String, region: String) {
        var answer = AtlasPhoneNumber()
        guard text.utf8.count <= PhoneNumber.longestText else { return nil }
        let status = atlas_phone_parse(text, text.utf8.count, region, &answer)
        guard status == 0 else { return nil }
        e164 = Self.text(answer.e164)
        national = Self.text(answer.national) ?? ""
        international = Self.text(answer.international) ?? ""
        self.region = Self.text(answer.region)
        callingCode = Int(answer.calling_code)
        phoneExtension = Self.text(answer.extension)
        isValid = answer.is_valid != 0
    }

    /// The calling code of a region, 1 for `US`; nil when there is no such region.
    public static func callingCode(of region: String) -> Int? {
        let code = Int(atlas_phone_calling_code(region))
        return code == 0 ? nil : code
    }

    /// The text of a C array of characters, nil when empty.
    private static func text<Characters>(_ characters: Characters) -> String? {
        withUnsafeBytes(of: characters) { octets in
            let text = octets.prefix { $0 != 0 }
            return text.isEmpty ? nil : String(decoding: text, as: UTF8.self)
        }
    }
}

extension PhoneNumber {
    /// The country code (ITU-T E.164) of a region, like 1 for `US`; nil when there is no such region.
    ///
    /// The North American ones that most configurations name do not need the library, which takes 25 ms to load.
    static func callingCode(of region: String) -> Int? {
        if region == "US" || region == "CA" { return 1 }
        let code = atlas_phone_calling_code(region)
        return code > 0 ? Int(code) : nil
    }
}
