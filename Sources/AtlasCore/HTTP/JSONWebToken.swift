import JSON

/// A JSON Web Token (RFC 7519) in compact form, signed by RS256 (RFC 7515, 3.1).
enum JSONWebToken {
    /// - Parameter keyID: by which the service finds the key to check it with.
    /// - Returns: nil when it cannot be signed.
    static func signed(_ claims: JSON, by key: RSAKey, keyID: String?) -> String? {
        var header: JSON.Object = ["alg": "RS256", "typ": "JWT"]
        if let keyID { header.append("kid", .string(keyID)) }
        let content = "\(encoded(JSON.object(header).bytes)).\(encoded(claims.bytes))"
        return key.signature(of: Array(content.utf8)).map { "\(content).\(encoded($0))" }
    }

    /// Without padding (RFC 7515, 2).
    private static func encoded(_ octets: [UInt8]) -> String {
        let text = Base64URL.encode(octets)
        return text.firstIndex(of: "=").map { String(text[..<$0]) } ?? text
    }
}
