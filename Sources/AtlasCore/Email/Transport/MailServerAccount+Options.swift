import CCurl

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What one log-in proves who we are with.
enum MailSecret: Sendable {
    case none
    case password(user: String, password: String)
    case token(user: String, token: String)

    /// Whether a server's words hold the secret, as it is or as it was sent (RFC 4616, RFC 7628): then nobody may see them.
    func isShown(in words: String) -> Bool {
        let forms: [String]
        switch self {
        case .none: return false
        case .password(let user, let password):
            forms = [password, Self.base64(password), Self.base64("\0\(user)\0\(password)")]
        case .token(_, let token): forms = [token]
        }
        // A token is sent within a text that has no one form: no long word is for people anyway.
        let hasLongWord = words.split(separator: " ").contains { $0.utf8.count > 60 && !$0.hasPrefix("http") }
        return hasLongWord || forms.contains { !$0.isEmpty && words.contains($0) }
    }

    private static func base64(_ text: String) -> String { Data(text.utf8).base64EncodedString() }
}

extension MailServerAccount {
    /// `IMAP`, `SMTP`
    var name: String { kind.rawValue.uppercased() }

    /// As in a URL: an IPv6 address in brackets.
    private var hostInURL: String { host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host }

    var isLoopback: Bool { HTTPAddress.isLoopback(hostInURL.lowercased()) }

    /// nil when the host is no host.
    var url: String? {
        let allowed = hostInURL.utf8.allSatisfy { octet in
            switch octet {
            case 0x30...0x3A, 0x41...0x5B, 0x5D, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
                true
            default: octet >= 0x80
            }
        }
        guard allowed, !host.isEmpty, (1...65535).contains(port) else { return nil }
        // What an SMTP client calls itself is the path; an address literal is what a machine without a public name says
        // (RFC 5321, 4.1.4), and it tells nobody the machine's name.
        return "\(scheme)://\(hostInURL):\(port)/" + (kind == .smtp ? "%5B127.0.0.1%5D" : "")
    }

    private var scheme: String { security == .tls ? kind.rawValue + "s" : kind.rawValue }

    /// The secret of an account whose secret stands in its settings.
    var secret: MailSecret {
        guard case .password(let user, let password) = credentials else { return .none }
        return .password(user: user, password: password)
    }

    /// Prepares a fresh handle.
    func prepare(
        _ options: inout EasyOptions, url: String, secret: MailSecret, authorities: CertificateAuthorities,
        deadline: ContinuousClock.Instant
    ) {
        options.set(CURLOPT_URL, url)
        options.require(atlas_curl_allow_mail_only(options.curl, options.easy, scheme))
        options.set(CURLOPT_CONNECT_ONLY, 1)
        options.set(CURLOPT_NOSIGNAL, 1)
        // Shared among the addresses of a host, so that a dead one leaves time for the next.
        options.set(CURLOPT_CONNECTTIMEOUT_MS, deadline.millisecondsLeft ?? 1)
        options.prefer(CURLoption(rawValue: 322), 1)  // CURLOPT_QUICK_EXIT, since 7.87
        options.set(CURLOPT_TCP_KEEPALIVE, 1)
        options.set(CURLOPT_TCP_NODELAY, 1)
        if isLoopback { options.set(CURLOPT_PROXY, "") }
        prepareTLS(&options, authorities)
        switch secret {
        case .none: break
        case .password(let user, let password):
            options.set(CURLOPT_USERNAME, user)
            options.set(CURLOPT_PASSWORD, password)
        case .token(let user, let token):
            options.set(CURLOPT_USERNAME, user)
            options.set(CURLOPT_XOAUTH2_BEARER, token)
        }
        // SMTP allows an initial response always (RFC 4954, 4); IMAP where the server says so, which libcurl sees itself.
        if kind == .smtp { options.set(CURLOPT_SASL_IR, 1) }
        options.set(CURLOPT_HEADERFUNCTION) { data, size, count, context in
            if let context {
                Unmanaged<ServerLines>.fromOpaque(context).takeUnretainedValue()
                    .take(UnsafeRawBufferPointer(start: data, count: size * count))
            }
            return size * count
        }
        // Its own would write to standard output, which is not ours.
        options.set(CURLOPT_WRITEFUNCTION) { _, size, count, _ in size * count }
    }

    private func prepareTLS(_ options: inout EasyOptions, _ authorities: CertificateAuthorities) {
        switch security {
        case .tls, .startTLS: options.set(CURLOPT_USE_SSL, Int(CURLUSESSL_ALL.rawValue))
        case .none: options.set(CURLOPT_USE_SSL, Int(CURLUSESSL_NONE.rawValue))
        }
        options.verify(by: authorities)
    }
}
