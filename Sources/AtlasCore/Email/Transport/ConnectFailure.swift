import CCurl

/// Why there is no connection to a mail server, in words that name the variables to look at.
struct ConnectFailure {
    let account: MailServerAccount
    let secret: MailSecret
    let outcome: ConnectOutcome

    var error: AtlasError {
        switch outcome.code {
        case CURLE_COULDNT_RESOLVE_HOST:
            AtlasError(
                .unavailable, "\(server) cannot be reached: its name is not known here. Check \(kind.host.name).")
        case CURLE_OPERATION_TIMEDOUT: timeout
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS: verification
        case CURLE_SSL_CONNECT_ERROR where handshakeWasCut:
            AtlasError(
                .unavailable,
                "\(server) closed the connection while TLS was being set up. Try again later; if it stays so, check "
                    + "\(kind.port.name) and \(kind.security.name).")
        case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CIPHER:
            AtlasError(
                .notConfigured,
                "\(server) does not speak TLS 1.2 or newer there. Check \(kind.port.name) and \(kind.security.name).")
        case CURLE_USE_SSL_FAILED:
            AtlasError(
                .notConfigured,
                "\(server) offers no STARTTLS, and nothing is sent in clear text. "
                    + "Check \(kind.port.name) and \(kind.security.name).")
        case CURLE_LOGIN_DENIED, CURLE_AUTH_ERROR: refusal
        case CURLE_NOT_BUILT_IN, CURLE_UNSUPPORTED_PROTOCOL, CURLE_UNKNOWN_OPTION:
            AtlasError(.notConfigured, "\(server) needs a libcurl 7.80 or newer that speaks \(account.name).")
        case CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CERTPROBLEM:
            AtlasError(.notConfigured, "The file that ATLAS_CA_FILE names cannot be read or holds no certificate.")
        case CURLE_COULDNT_CONNECT where outcome.lines.isEmpty:
            AtlasError(
                .unavailable,
                "\(server) cannot be reached: nothing answers there. Check \(kind.host.name) and \(kind.port.name).")
        default: lost
        }
    }

    private var kind: MailServerAccount.Kind { account.kind }
    private var server: String { account.server }

    /// Whether the server's first line is one of its kind; nil when it said nothing.
    private var greets: Bool? {
        outcome.lines.first.map { line in
            kind == .imap ? line.hasPrefix("* ") : line.utf8.prefix(3).allSatisfy { (0x30...0x39).contains($0) }
        }
    }

    /// Whether the other side went away instead of answering, as a server does that is being started again; what is no TLS, and what is too
    /// old, answers. libcurl and OpenSSL have one code for all of it, and these words.
    private var handshakeWasCut: Bool {
        ["SSL_ERROR_SYSCALL", "unexpected eof", "Connection reset", "Broken pipe", "Recv failure", "Send failure"]
            .contains(where: outcome.problem.contains)
    }

    private var stranger: AtlasError {
        AtlasError(
            .notConfigured, "\(server) is no \(account.name) server. Check \(kind.host.name) and \(kind.port.name).")
    }

    /// A server that has greeted is slow; one that has not may wait for TLS from the start.
    private var timeout: AtlasError {
        if greets == false { return stranger }
        let advice = greets == nil ? " Check \(kind.port.name) and \(kind.security.name), or try again later." : ""
        return AtlasError(.timeout, "\(server) did not answer in time.\(advice)")
    }

    private var verification: AtlasError {
        let reason =
            switch outcome.verification {
            // The chain is good (X509_V_OK), so it is the name that is not; libcurl may have had no time to note that it is (1).
            case 0, 1: "its certificate is for another name. Check \(kind.host.name)."
            case 10: "its certificate has expired."
            default:
                "its certificate is not trusted. If it has a certificate authority of its own, "
                    + "name that one's file in ATLAS_CA_FILE."
            }
        return AtlasError(.notConfigured, "\(server) offers no secure connection: \(reason)")
    }

    private var refusal: AtlasError {
        guard !isTemporary else { return busy }
        let login = "\(kind.username.name) and \(kind.password.name)"
        var advice = "Check \(login)."
        if case .token = account.credentials {
            advice = "Check \(kind.username.name) and the \(ConfigurationKey.oauthRefreshToken.name)."
        } else if let hint = PasswordAdvice(host: account.host) {
            advice = hint.sentence(kind)
        }
        return AtlasError(.unauthenticated, "\(server) refused the log-in\(words). \(advice)")
    }

    private var busy: AtlasError {
        AtlasError(.unavailable, "\(server) lets nobody in at the moment\(words). Try again later.", retryable: true)
    }

    /// The connection ended, or what came is not the protocol.
    private var lost: AtlasError {
        if isTemporary { return busy }
        if greets == false || (greets == nil && outcome.code == CURLE_WEIRD_SERVER_REPLY) { return stranger }
        if outcome.code == CURLE_WEIRD_SERVER_REPLY {
            return AtlasError(.unavailable, "\(server) turned the connection away\(words). Try again later.")
        }
        return AtlasError(.unavailable, "\(server) closed the connection. Try again later.")
    }

    /// Whether the server's last word says that it is not about us: too many connections, or a log-in that cannot be checked now.
    private var isTemporary: Bool {
        guard let last = outcome.lines.last?.lowercased() else { return false }
        if kind == .smtp { return last.hasPrefix("4") }
        return [
            "[unavailable]", "[inuse]", "[limit]", "[serverbug]", "too many", "temporar", "try again later", "* bye",
        ]
        .contains { last.contains($0) }
    }

    /// The server's last word, where it is one for people.
    private var words: String {
        guard let last = outcome.lines.last else { return "" }
        var text = last[...]
        if kind == .imap {
            // The tag and the verdict say nothing.
            text = text.split(separator: " ", maxSplits: 2).dropFirst(2).first ?? ""
        }
        let shown = String(text).cutShort(at: 200)
        return shown.isEmpty || secret.isShown(in: String(text)) ? "" : ": “\(shown)”"
    }
}

extension ConnectFailure {
    static func insecure(_ account: MailServerAccount) -> AtlasError {
        AtlasError(
            .notConfigured,
            "\(account.kind.security.name) may be none only for a server on this machine: use tls or starttls "
                + "for \(account.server).")
    }

    static func invalidHost(_ account: MailServerAccount) -> AtlasError {
        AtlasError(.notConfigured, "\(account.kind.host.name) is no host name: it must be like mail.example.com.")
    }

    static func missingLibrary(_ account: MailServerAccount) -> AtlasError {
        AtlasError(
            .notConfigured,
            "\(account.server) needs libcurl 7.80 or newer, which is not installed (Debian: libcurl4).")
    }

    static func noMemory(_ account: MailServerAccount) -> AtlasError {
        AtlasError(.unavailable, "There is no memory for a connection to \(account.server).")
    }

    static func timeout(_ account: MailServerAccount) -> AtlasError {
        AtlasError(.timeout, "\(account.server) did not answer in time.")
    }
}
