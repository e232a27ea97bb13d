/// The header fields of a request as lines for libcurl, checked so that none can end early and start another.
struct HTTPFields: Sendable {
    private(set) var lines: [String] = []

    /// - Throws: ``HTTPError`` `invalidHeader`, which does not say what the field holds.
    mutating func append(_ name: String, _ value: String, host: String) throws(HTTPError) {
        guard Self.isToken(name), Self.isValue(value) else {
            throw HTTPError(.invalidHeader, host: host, mayHaveArrived: false)
        }
        let value = value.trimmed
        // libcurl would take an empty field after a colon for one not to be sent.
        lines.append(value.isEmpty ? "\(name);" : "\(name): \(value)")
    }

    /// Keeps libcurl from sending a field of its own accord.
    mutating func suppress(_ name: String) { lines.append("\(name):") }

    /// RFC 9110, 5.6.2
    static func isToken(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= 256
            && name.utf8.allSatisfy { octet in
                switch octet {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
                default: "!#$%&'*+-.^_`|~".utf8.contains(octet)
                }
            }
    }

    /// RFC 9110, 5.5, with UTF-8 for the octets beyond ASCII.
    static func isValue(_ value: String) -> Bool {
        value.utf8.count <= 64 << 10 && value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }
    }

    /// Whether the field is not the caller's to set: it says how the message is framed or where it goes.
    static func isFraming(_ name: String) -> Bool {
        [
            "content-length", "transfer-encoding", "host", "connection", "expect", "upgrade", "te", "trailer",
            "keep-alive",
        ]
        .contains(name.lowercased())
    }

    /// Whether the field may go along to another host by a redirect. All others may be a key, by whatever name.
    static func isHarmless(_ name: String) -> Bool {
        ["accept", "accept-language", "content-type", "user-agent", "range", "if-none-match", "if-modified-since"]
            .contains(name.lowercased())
    }
}

extension HTTPRequest {
    /// The fields for `address`; credentials and keys only where it is of the same origin as the request.
    func fields(for address: HTTPAddress, isOrigin: Bool, type: String?) throws(HTTPError) -> HTTPFields {
        var fields = HTTPFields()
        var names: Set<String> = []
        for header in headers where isOrigin || HTTPFields.isHarmless(header.name) {
            guard !HTTPFields.isFraming(header.name) else {
                throw HTTPError(.invalidHeader, host: address.host, mayHaveArrived: false)
            }
            try fields.append(header.name, header.value, host: address.host)
            names.insert(header.name.lowercased())
        }
        if let authorization, isOrigin, authorization.digest == nil {
            guard let field = authorization.field, !names.contains("authorization") else {
                throw HTTPError(.invalidHeader, host: address.host, mayHaveArrived: false)
            }
            try fields.append("Authorization", field, host: address.host)
        }
        if !names.contains("user-agent") {
            try fields.append("User-Agent", "Atlas/\(atlasVersion)", host: address.host)
        }
        if let type, !names.contains("content-type") {
            try fields.append("Content-Type", type, host: address.host)
        } else if !names.contains("content-type") {
            fields.suppress("Content-Type")
        }
        // Waiting for "100 Continue" costs a second where a server does not know it.
        fields.suppress("Expect")
        return fields
    }
}
