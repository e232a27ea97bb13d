extension TransferEncoding {
    /// By the value of `Content-Transfer-Encoding`, in any case, with a comment behind it or in quotes, and by names that people
    /// write instead.
    public init(named name: String) {
        let octets = Array(name.utf8.prefix(200))
        let word = octets[...].trimmed.prefix {
            !$0.isBlank && !$0.isLineEnd && $0 != UInt8(ascii: ";") && $0 != UInt8(ascii: "(")
        }
        let text = String(decoding: word.lazy.filter { $0 != UInt8(ascii: "\"") }.map(\.lowercased), as: UTF8.self)
        switch text {
        case "", "7bit", "8bit", "binary", "7-bit", "8-bit", "none", "identity": self = .identity
        case "quoted-printable", "quotedprintable", "quoted_printable", "qp": self = .quotedPrintable
        case "base64", "base-64", "b64": self = .base64
        case "x-uuencode", "uuencode", "x-uue", "uue": self = .unknown("x-uuencode")
        default: self = .unknown(text)
        }
    }

    /// The octets before they were encoded, at most so many.
    func decode(_ octets: ArraySlice<UInt8>, limit: Int = .max) -> [UInt8] {
        let limit = Swift.max(0, limit)
        switch self {
        case .quotedPrintable: return QuotedPrintable.decode(octets, limit: limit)
        case .base64: return Base64.decode(octets, limit: limit)
        case .unknown("x-uuencode"): return UUEncoding.decode(octets, limit: limit)
        case .identity, .unknown: return Array(octets.prefix(limit))
        }
    }
}
