/// How long a text from outside may be, and under which name a caller gave it.
struct TextLimit: Sendable {
    let parameter: String
    /// In Unicode scalars, as the columns count.
    let longest: Int
    var keepsLines = false

    static let fullName = TextLimit(parameter: "full_name", longest: 256)
    static let address = TextLimit(parameter: "address", longest: 1000, keepsLines: true)
    static let city = TextLimit(parameter: "city", longest: 128)
    static let state = TextLimit(parameter: "state", longest: 64)
    static let zip = TextLimit(parameter: "zip_code", longest: 16)
    static let businessContext = TextLimit(parameter: "business_context_id", longest: 64)
    static let notes = TextLimit(parameter: "notes", longest: 10_000, keepsLines: true)
    static let source = TextLimit(parameter: "source", longest: 64)
    static let sourceRef = TextLimit(parameter: "source_ref", longest: 256)
    static let summary = TextLimit(parameter: "summary", longest: 10_000, keepsLines: true)
    static let tag = TextLimit(parameter: "tag", longest: 64)
    static let soughtPhone = TextLimit(parameter: "phone", longest: PhoneNumber.longestText)
    static let soughtEmail = TextLimit(parameter: "email", longest: 256)
    static let query = TextLimit(parameter: "query", longest: 200)
    static let contextID = TextLimit(parameter: "context_id", longest: 64)
    static let messageBody = TextLimit(parameter: "body", longest: Telephony.longestBody, keepsLines: true)
    static let idempotencyKey = TextLimit(parameter: "idempotency_key", longest: 128)

    /// The text, cleaned; nil when nothing is left of it.
    ///
    /// - Throws: ``AtlasError`` `invalid_argument` when it is too long.
    func optional(_ text: String?) throws(AtlasError) -> String? {
        guard let text = text?.cleaned(keepingLines: keepsLines), !text.isEmpty else { return nil }
        guard text.utf8.count <= longest || text.unicodeScalars.count <= longest else {
            throw AtlasError(
                .invalidArgument,
                "\(parameter) must have at most \(longest) characters, got \(text.unicodeScalars.count).",
                parameter: parameter)
        }
        return text
    }

    func required(_ text: String) throws(AtlasError) -> String {
        guard let text = try optional(text) else {
            throw AtlasError(.invalidArgument, "\(parameter) must not be blank.", parameter: parameter)
        }
        return text
    }

    /// A phone in any format; nil when blank. What is no complete number must fit its column as it is.
    static func phone(_ text: String, region: String) throws(AtlasError) -> GivenPhone? {
        let phone = GivenPhone(text, region: region)
        guard !phone.text.isEmpty else { return nil }
        guard phone.text.unicodeScalars.count <= 32 else {
            throw AtlasError(
                .invalidArgument, "phone is not a phone number: \"\(phone.text.prefix(32))…\".", parameter: "phone")
        }
        return phone
    }

    /// An e-mail address; nil when blank.
    static func email(_ text: String) throws(AtlasError) -> EmailAddress? {
        guard !text.cleaned().isEmpty else { return nil }
        guard let email = EmailAddress(text) else {
            throw AtlasError(
                .invalidArgument,
                "email must be one address like ann@example.com, got \"\(text.cleaned().prefix(60))\". Leave it out if unknown.",
                parameter: "email")
        }
        return email
    }

    /// Tags without blanks and repetitions, in their order.
    static func tags(_ tags: [String]) throws(AtlasError) -> [String] {
        let limit = TextLimit(parameter: "tags", longest: tag.longest)
        var kept: [String] = []
        for tag in tags {
            if let tag = try limit.optional(tag), !kept.contains(tag) { kept.append(tag) }
        }
        guard kept.count <= 50 else {
            throw AtlasError(.invalidArgument, "tags must be at most 50, got \(kept.count).", parameter: "tags")
        }
        return kept
    }
}
