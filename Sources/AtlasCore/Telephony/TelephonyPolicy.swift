/// Whom the business lets itself call and write, and how often.
struct TelephonyPolicy: Sendable {
    /// Beginnings of E.164 numbers; empty for everybody.
    let allowed: [String]
    let blocked: [String]
    /// The most on one day; nil for any number.
    let callsADay: Int?
    let messagesADay: Int?

    /// - Throws: ``AtlasError`` `not_configured` that names the variable.
    init(_ configuration: Configuration) throws(AtlasError) {
        allowed = try Self.prefixes(configuration, .allowedNumbers)
        blocked = try Self.prefixes(configuration, .blockedNumbers)
        callsADay = try configuration.integer(.dailyCallLimit, in: 0...1_000_000)
        messagesADay = try configuration.integer(.dailyMessageLimit, in: 0...1_000_000)
    }

    private static func prefixes(_ configuration: Configuration, _ key: ConfigurationKey) throws(AtlasError) -> [String]
    {
        guard let text = configuration[key] else { return [] }
        var prefixes: [String] = []
        for item in text.split(separator: ",") {
            let prefix = String(item).trimmed.filter { !" -.()".contains($0) }
            guard !prefix.isEmpty else { continue }
            guard prefix.hasPrefix("+"), prefix.utf8.count <= 16, prefix.utf8.count >= 2,
                prefix.utf8.dropFirst().allSatisfy({ $0 &- 0x30 < 10 })
            else {
                // A rule that nobody understands must not be one that lets everything through.
                throw AtlasError(
                    .notConfigured,
                    "\(key.name) must be E.164 numbers or beginnings of them, like +1 or +12175550134, not \(prefix.prefix(20))."
                )
            }
            prefixes.append(prefix)
        }
        return prefixes
    }

    /// - Throws: ``AtlasError`` `permission_denied`.
    func check(_ number: PhoneNumber) throws(AtlasError) {
        if blocked.contains(where: number.e164.hasPrefix) {
            throw AtlasError(
                .permissionDenied,
                "\(number) is blocked by \(ConfigurationKey.blockedNumbers.name); nothing was sent. Ask the operator.",
                parameter: "to")
        }
        if !allowed.isEmpty, !allowed.contains(where: number.e164.hasPrefix) {
            throw AtlasError(
                .permissionDenied,
                "\(number) is not among \(ConfigurationKey.allowedNumbers.name); nothing was sent. Ask the operator.",
                parameter: "to")
        }
    }

    /// Whether a message asks us to stop (CTIA Messaging Principles; Twilio, "Advanced Opt-Out" keywords).
    static func asksToStop(_ body: String) -> Bool {
        let word = body.cleaned().uppercased().filter { $0.isLetter || $0.isNumber }
        return stopWords.contains(word)
    }

    private static let stopWords: Set<String> = [
        "STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT",
    ]
}
