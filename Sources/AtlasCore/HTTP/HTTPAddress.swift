import CCurl

/// A checked URL: what a request may be sent to.
///
/// libcurl's own parser reads it, and libcurl is handed what that parser wrote, so there are no two opinions about which host is
/// meant.
struct HTTPAddress: Sendable, Equatable {
    /// The whole of it, normalised.
    let text: String
    let isSecure: Bool
    /// In lower case; an IPv6 address in brackets.
    let host: String
    let port: Int

    /// - Throws: ``HTTPError`` `invalidURL`, or `insecure` for plain http to a host that is not this machine.
    init(_ url: String, curl: UnsafePointer<AtlasCurl>) throws(HTTPError) {
        try self.init(url, relativeTo: nil, curl: curl)
    }

    /// The address that a `Location` of an answer from this address means (RFC 9110, 10.2.2). Never one that is less secure.
    func following(_ location: String, curl: UnsafePointer<AtlasCurl>) throws(HTTPError) -> HTTPAddress {
        let next = try HTTPAddress(location, relativeTo: self, curl: curl)
        guard next.isSecure || !isSecure else { throw HTTPError(.insecure, host: next.host, mayHaveArrived: false) }
        return next
    }

    /// Whether the host is this machine by its very name, so that nobody else can read what is sent in plain text.
    var isLoopback: Bool { Self.isLoopback(host) }

    func isSameOrigin(as other: HTTPAddress) -> Bool {
        isSecure == other.isSecure && host == other.host && port == other.port
    }

    private init(_ url: String, relativeTo base: HTTPAddress?, curl: UnsafePointer<AtlasCurl>) throws(HTTPError) {
        let library = curl.pointee
        let invalid = HTTPError(.invalidURL, host: base?.host ?? "", mayHaveArrived: false)
        // Visible ASCII only (RFC 3986): controls, blanks and look-alike characters never get as far as a parser. A path that
        // starts with a backslash is another host to some of them.
        guard !url.isEmpty, url.utf8.count <= 16 << 10, url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x5C }),
            base != nil || Self.hasAuthority(url), let parser = library.curl_url()
        else { throw invalid }
        defer { library.curl_url_cleanup(parser) }
        let flags = UInt32(CURLU_DISALLOW_USER | CURLU_NO_DEFAULT_PORT)
        if let base, library.curl_url_set(parser, CURLUPART_URL, base.text, flags) != CURLUE_OK { throw invalid }
        guard library.curl_url_set(parser, CURLUPART_URL, url, flags) == CURLUE_OK else { throw invalid }

        func part(_ part: CURLUPart, _ flags: UInt32 = 0) -> String? {
            var text: UnsafeMutablePointer<CChar>?
            guard library.curl_url_get(parser, part, &text, flags) == CURLUE_OK, let text else { return nil }
            defer { library.curl_free(text) }
            return String(cString: text)
        }
        _ = library.curl_url_set(parser, CURLUPART_FRAGMENT, nil, 0)
        guard let scheme = part(CURLUPART_SCHEME), scheme == "https" || scheme == "http",
            let host = part(CURLUPART_HOST)?.lowercased(), !host.isEmpty,
            let port = part(CURLUPART_PORT, UInt32(CURLU_DEFAULT_PORT)).flatMap({ Int($0) }),
            (1...65535).contains(port),
            part(CURLUPART_USER) == nil, part(CURLUPART_PASSWORD) == nil, part(CURLUPART_ZONEID) == nil,
            let text = part(CURLUPART_URL)
        else { throw invalid }
        self.text = text
        self.host = host
        self.port = port
        isSecure = scheme == "https"
        guard isSecure || isLoopback else { throw HTTPError(.insecure, host: host, mayHaveArrived: false) }
    }

    /// `https://` or `http://` with something after it: libcurl's parser also takes one slash, or three.
    private static func hasAuthority(_ url: String) -> Bool {
        let lower = url.prefix(9).lowercased()
        for scheme in ["https://", "http://"] where lower.hasPrefix(scheme) {
            return lower.count > scheme.count && lower.dropFirst(scheme.count).first != "/"
        }
        return false
    }

    /// Whether `host`, an IPv6 address in brackets, is this machine.
    static func isLoopback(_ host: String) -> Bool {
        if host == "localhost" || host == "[::1]" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127"
            && parts.allSatisfy { part in
                (1...3).contains(part.utf8.count) && part.utf8.allSatisfy { (0x30...0x39).contains($0) }
            }
    }
}
