/// The path of a resource of a WebDAV server (RFC 4918, 8.3): percent-encoded, absolute, and on that server.
///
/// As the server writes it, but for what servers write in different ways and may mean the same by: what needs no escape has none (RFC
/// 3986, 6.2.2.2), and `@` has one.
struct DAVPath: Sendable, Hashable {
    let text: String

    /// - Parameter href: a path, or an absolute URL, which counts where it is of the same origin.
    /// - Returns: nil for what points elsewhere, or could be taken for something else on its way.
    init?(_ href: String, origin: String) {
        var path = href.trimmed
        if !path.hasPrefix("/") {
            guard let parts = Self.parts(path), let base = Self.parts(origin), parts.origin == base.origin else {
                return nil
            }
            path = parts.path
        }
        self.init(path)
    }

    /// An absolute URL as its origin (RFC 6454, 4: the default port is none) and the rest.
    private static func parts(_ url: String) -> (origin: String, path: String)? {
        for (scheme, port) in [("https://", ":443"), ("http://", ":80")] where url.lowercased().hasPrefix(scheme) {
            let rest = url.dropFirst(scheme.count)
            var authority = rest.prefix { $0 != "/" }.lowercased()
            if authority.hasSuffix(port) { authority.removeLast(port.count) }
            let path = rest.drop { $0 != "/" }
            return (scheme + authority, path.isEmpty ? "/" : String(path))
        }
        return nil
    }

    /// - Parameter path: absolute.
    init?(_ path: String) {
        guard path.hasPrefix("/"), !path.hasPrefix("//"), path.utf8.count <= 1_500 else { return nil }
        var encoded = ""
        var rest = Array(path.utf8)[...]
        while let octet = rest.popFirst() {
            switch octet {
            case UInt8(ascii: "%"):
                guard rest.count >= 2, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
                else {
                    return nil
                }
                encoded += Self.isPlain(value) ? String(Unicode.Scalar(value)) : Self.escaped(value)
                rest = rest.dropFirst(2)
            // Some servers leave blanks and letters beyond ASCII as they are.
            case 0x20, 0x80..., UInt8(ascii: "@"): encoded += Self.escaped(octet)
            case 0x21...0x7E where !#""<>\^`{|}?#"#.utf8.contains(octet):
                encoded.unicodeScalars.append(Unicode.Scalar(octet))
            default: return nil
            }
        }
        let segments = encoded.split(separator: "/").map { Self.decoded($0) }
        guard !segments.contains("."), !segments.contains(".."), !segments.contains(nil) else { return nil }
        text = encoded
    }

    /// The same with a slash at its end, as collections are named.
    var asCollection: DAVPath { text.hasSuffix("/") ? self : DAVPath(text + "/") ?? self }

    /// A resource in this collection.
    func child(_ name: String) -> DAVPath? {
        var encoded = ""
        for octet in name.utf8 {
            encoded += Self.isPlain(octet) ? String(Unicode.Scalar(octet)) : Self.escaped(octet)
        }
        return DAVPath(asCollection.text + encoded)
    }

    /// Whether both name the same resource, however they are encoded.
    func isSame(as other: DAVPath) -> Bool { Self.plain(self) == Self.plain(other) }

    private static func plain(_ path: DAVPath) -> [String?] { path.text.split(separator: "/").map { decoded($0) } }

    /// Whether it never needs an escape (RFC 3986, 2.3).
    private static func isPlain(_ octet: UInt8) -> Bool {
        octet &- 0x30 < 10 || (octet | 0x20) &- 0x61 < 26 || "-._~".utf8.contains(octet)
    }

    private static func escaped(_ octet: UInt8) -> String {
        let digits = String(octet, radix: 16, uppercase: true)
        return "%" + (digits.count == 1 ? "0" : "") + digits
    }

    /// - Returns: nil for a broken escape, and for one that hides a slash or a control.
    private static func decoded(_ segment: Substring) -> String? {
        var octets: [UInt8] = []
        var rest = Array(segment.utf8)[...]
        while let octet = rest.popFirst() {
            guard octet == UInt8(ascii: "%") else {
                octets.append(octet)
                continue
            }
            guard rest.count >= 2, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16),
                value >= 0x20, value != 0x7F, value != UInt8(ascii: "/")
            else { return nil }
            octets.append(value)
            rest = rest.dropFirst(2)
        }
        return String(decoding: octets, as: UTF8.self)
    }
}
