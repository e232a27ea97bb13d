/// Why a command brought nothing.
enum IMAPFailure: Error, Sendable, Equatable {
    /// The connection is gone.
    case lost
    case timeout
    case malformed(IMAPProtocolError)
    /// The server ends the connection, with these words.
    case bye(IMAPStatus)
    /// NO or BAD.
    case refused(IMAPStatus, command: String)

    /// Whether the connection is of no use any more.
    var endsConnection: Bool {
        if case .refused = self { false } else { true }
    }

    init(_ error: MailConnectionError) { self = error == .timeout ? .timeout : .lost }

    /// - Parameter mayHaveActed: whether the command changes something, so that the server may have done it.
    func error(_ account: MailServerAccount, mayHaveActed: Bool = false) -> AtlasError {
        let server = account.server
        let doubt = mayHaveActed ? " Whether it acted on the request is unknown: look before repeating it." : ""
        let advice = mayHaveActed ? doubt : " Try again later."
        switch self {
        case .lost:
            return AtlasError(.unavailable, "The connection to \(server) was lost.\(advice)", retryable: !mayHaveActed)
        case .timeout:
            return AtlasError(.timeout, "\(server) did not answer in time.\(advice)", retryable: !mayHaveActed)
        case .malformed(let problem) where problem == .literalTooLong || problem == .responseTooLong:
            return AtlasError(.upstreamError, "\(server) answered with more than is accepted.\(doubt)")
        case .malformed:
            return AtlasError(.upstreamError, "\(server) gave an answer that is not IMAP.\(doubt)")
        case .bye(let status):
            return AtlasError(
                .unavailable, "\(server) ended the connection\(status.words).\(advice)", retryable: !mayHaveActed)
        case .refused(let status, let command):
            return AtlasError(status.errorCode, "\(server) refused \(command)\(status.words).")
        }
    }
}

extension IMAPStatus {
    /// The text as an error may show it, after a colon and in quotes.
    var words: String {
        let shown = text.cleaned().cutShort(at: 200)
        return shown.isEmpty ? "" : ": “\(shown)”"
    }

    /// RFC 5530, and the codes of those it builds on.
    fileprivate var errorCode: AtlasError.Code {
        switch code {
        case "NONEXISTENT", "TRYCREATE": .notFound
        case "NOPERM", "PRIVACYREQUIRED", "READ-ONLY": .permissionDenied
        case "AUTHENTICATIONFAILED", "AUTHORIZATIONFAILED", "EXPIRED": .unauthenticated
        case "UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG": .unavailable
        case "ALREADYEXISTS", "HASCHILDREN": .conflict
        default: .upstreamError
        }
    }
}
