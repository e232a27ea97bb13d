#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Credentials of a request. They reach neither logs nor errors, and no other host by a redirect.
public enum HTTPAuthorization: Sendable {
    /// RFC 7617, in UTF-8. A user has no colon in it.
    case basic(user: String, password: String)
    /// RFC 6750
    case bearer(String)
    /// RFC 7616: the server asks first, so that every request takes two, and the password stays here.
    case digest(user: String, password: String)

    /// The value of the `Authorization` field; nil when the credentials cannot be written as one, or depend on the server's question.
    var field: String? {
        switch self {
        case .basic(let user, let password):
            let pair = "\(user):\(password)"
            guard !user.utf8.contains(UInt8(ascii: ":")), !pair.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) else {
                return nil
            }
            return "Basic " + Data(pair.utf8).base64EncodedString()
        case .bearer(let token):
            guard !token.isEmpty, token.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return nil }
            return "Bearer " + token
        case .digest: return nil
        }
    }
}

extension HTTPAuthorization {
    /// What libcurl answers a server's question with.
    struct Digest: Sendable {
        let user: String
        let password: String
    }

    var digest: Digest? {
        if case .digest(let user, let password) = self { Digest(user: user, password: password) } else { nil }
    }
}

// Whatever prints, dumps or interpolates a request must not tell the secret.
extension HTTPAuthorization: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String {
        switch self {
        case .basic: "Basic <redacted>"
        case .bearer: "Bearer <redacted>"
        case .digest: "Digest <redacted>"
        }
    }

    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: [], displayStyle: .struct) }
}

extension HTTPRequest: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The method and the host: paths, queries, headers and bodies may hold secrets.
    public var description: String { "\(method.rawValue) \(hostAsWritten)" }

    /// What the URL seems to name as its host, for texts about a URL that nobody has checked. Nothing of credentials in it.
    var hostAsWritten: String {
        let parts = url.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].hasSuffix(":"), parts[1].isEmpty else { return "" }
        let authority = parts[2].prefix { !"/?#\\".contains($0) }
        let host = authority.split(separator: "@", omittingEmptySubsequences: false).last ?? ""
        return String(host.prefix { $0 != ":" }.prefix(255))
    }

    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: ["description": description], displayStyle: .struct) }
}
