import JSON

/// An answer of Twilio's that is none of success, in our words (Twilio, "Error and Warning Dictionary").
struct TwilioRefusal {
    let error: AtlasError

    init(_ response: HTTPResponse, company: TelephonyAccount.Company) {
        let json = response.json
        let code = json?["code"]?.integer ?? json?["code"]?.text.flatMap(Int.init)
        // The provider's own sentence often quotes the argument and says what is wrong with it.
        let words = json?["message"]?.text?.cleaned().prefix(300).description ?? ""
        let reason = Reason(status: response.status, code: code)
        var said = "\(company.title) refused it"
        said += code.map { " (error \($0))" } ?? " (HTTP \(response.status))"
        if !words.isEmpty { said += ": " + words.trimmingFinalStop }
        said += ". " + reason.advice(company, wait: response.retryAfter)
        error = AtlasError(reason.kind, said, parameter: reason.parameter, retryable: reason.retryable)
    }

    /// An answer that should have been JSON.
    static func garbled(_ company: TelephonyAccount.Company) -> AtlasError {
        AtlasError(
            .upstreamError, "\(company.title) gave an answer that cannot be read. Try again later.", retryable: true)
    }

    private struct Reason {
        let kind: AtlasError.Code
        var parameter: String?
        var retryable = false
        var text: String

        init(status: Int, code: Int?) {
            if let code, let known = Self.known(code) {
                self = known
                return
            }
            switch status {
            case 300..<400:
                self.init(.upstreamError, "It points elsewhere, which is not followed: check the address of its API.")
            case 401: self.init(.unauthenticated, Self.credentials)
            case 403: self.init(.permissionDenied, "The account may not do this: see the provider's console.")
            case 404: self.init(.notFound, Self.missing)
            case 409: self.init(.conflict, "Look at its state first.")
            case 429: self.init(.rateLimited, Self.slower, retryable: true)
            case 500...: self.init(.upstreamError, "It is the provider's fault. Try again later.", retryable: true)
            default: self.init(.invalidArgument, "Mend the arguments and try again.")
            }
        }

        private init(
            _ kind: AtlasError.Code, _ text: String, parameter: String? = nil, retryable: Bool = false
        ) {
            self.kind = kind
            self.text = text
            self.parameter = parameter
            self.retryable = retryable
        }

        private static let credentials = "Check the account and the token."
        private static let missing = "There is nothing by that id in the account."
        private static let slower = "Too many requests."

        /// The codes that calls, recordings, messages and look-ups meet.
        private static func known(_ code: Int) -> Reason? {
            switch code {
            case 20003: Reason(.unauthenticated, credentials)
            case 20005, 10001: Reason(.permissionDenied, "The account is not active: see the provider's console.")
            case 20404: Reason(.notFound, missing)
            case 20429, 14107: Reason(.rateLimited, slower, retryable: true)
            case 21201, 21211, 21214, 21217, 21219, 21401, 21421, 21614, 60200, 60600:
                Reason(.invalidArgument, "Give a number that exists and can be reached.", parameter: "to")
            case 21215, 21216, 21408, 13227:
                Reason(
                    .permissionDenied,
                    "The account may not reach this country: geographic permissions are set in the console.",
                    parameter: "to")
            case 21202, 21203, 21210, 21212, 21213, 21603, 21606, 21659, 21660, 21661:
                Reason(
                    .invalidArgument,
                    "Give a from_number that the account owns and that can do this, or set \(ConfigurationKey.forwardToNumber.name).",
                    parameter: "from_number")
            case 21610:
                Reason(
                    .permissionDenied,
                    "The recipient has opted out (STOP) and must write START before a message can be sent.",
                    parameter: "to")
            case 21602, 21617, 21619: Reason(.invalidArgument, "Change the text of the message.", parameter: "body")
            case 21205, 21609, 11100: Reason(.invalidArgument, "Give a URL that the provider can reach.")
            case 21620, 21623, 12300: Reason(.invalidArgument, "Give other media.", parameter: "media_urls")
            case 21218: Reason(.invalidArgument, "Mend the TwiML.", parameter: "twiml")
            case 21220: Reason(.conflict, "The call is over, or not in progress: see get_call.", parameter: "call_sid")
            case 21222, 21223: Reason(.conflict, "Look at its state first.")
            default: nil
            }
        }

        func advice(_ company: TelephonyAccount.Company, wait: Duration?) -> String {
            if kind == .rateLimited, let wait {
                return text + " Wait \(max(1, wait.components.seconds)) s and try again."
            }
            if kind == .rateLimited { return text + " Wait a few seconds and try again." }
            if kind == .unauthenticated {
                let names =
                    company == .twilio
                    ? "\(ConfigurationKey.twilioAccountSID.name) and \(ConfigurationKey.twilioAuthToken.name)"
                    : "\(ConfigurationKey.signalWireProjectID.name) and \(ConfigurationKey.signalWireToken.name)"
                return "Check \(names)."
            }
            return text
        }
    }
}

extension String {
    fileprivate var trimmingFinalStop: String {
        var text = self
        while text.hasSuffix(".") || text.hasSuffix(" ") { text.removeLast() }
        return text
    }
}
