/// What a call says and does, in Twilio's markup (Twilio, "TwiML for Programmable Voice").
enum TwiML {
    /// The most that Twilio takes with a call.
    static let longest = 4000

    /// Has a voice say `message`. Nothing in it can become markup.
    ///
    /// - Throws: ``AtlasError`` `invalid_argument`.
    static func saying(_ message: String) throws(AtlasError) -> String {
        let words = message.cleaned(keepingLines: true)
        guard !words.isEmpty else {
            throw AtlasError(.invalidArgument, "message must not be blank.", parameter: "message")
        }
        return try bounded("<Response><Say>\(XMLText.escape(words))</Say></Response>", parameter: "message")
    }

    /// Markup that a caller wrote: well-formed XML whose root element is Response.
    ///
    /// - Throws: ``AtlasError`` `invalid_argument` that says what is wrong.
    static func checked(_ markup: String) throws(AtlasError) -> String {
        let markup = markup.trimmed
        switch XMLText.read(markup) {
        case .document(root: "Response"): return try bounded(markup, parameter: "twiml")
        case .unknown:
            throw AtlasError(
                .notConfigured,
                "libxml2 is not installed, so twiml cannot be checked. Install it (Debian: apt install libxml2), or use message."
            )
        case .document(let root):
            throw AtlasError(
                .invalidArgument, "twiml must be a <Response> element, got <\(root.cleaned().prefix(40))>.",
                parameter: "twiml")
        case .broken(let problem):
            throw AtlasError(
                .invalidArgument, "twiml must be well-formed XML with a <Response> element: \(problem.cleaned()).",
                parameter: "twiml")
        }
    }

    private static func bounded(_ markup: String, parameter: String) throws(AtlasError) -> String {
        let count = markup.unicodeScalars.count
        guard count <= longest else {
            throw AtlasError(
                .invalidArgument,
                "\(parameter) makes \(count) characters of TwiML; a call takes at most \(longest). Shorten it.",
                parameter: parameter)
        }
        return markup
    }
}
