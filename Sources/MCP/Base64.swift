/// Base64 (RFC 4648): the usual alphabet for binary content, the one for URLs, without padding, for what clients carry for us.
enum Base64 {
    private static let usual = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let forURLs = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    static func encode(_ octets: [UInt8]) -> String { encode(octets, usual, isPadded: true) }

    static func encodeForURL(_ octets: [UInt8]) -> String { encode(octets, forURLs, isPadded: false) }

    private static func encode(_ octets: [UInt8], _ alphabet: [UInt8], isPadded: Bool) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((octets.count + 2) / 3 * 4)
        for start in stride(from: 0, to: octets.count, by: 3) {
            let count = min(3, octets.count - start)
            var group = 0
            for index in 0..<3 { group = group << 8 | (index < count ? Int(octets[start + index]) : 0) }
            for index in 0...count { text.append(alphabet[group >> (18 - 6 * index) & 63]) }
            if isPadded { for _ in count..<3 { text.append(UInt8(ascii: "=")) } }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Decodes the alphabet for URLs, strictly: there is one text for a given content, and all others are `nil`.
    static func decodeFromURL(_ text: some StringProtocol) -> [UInt8]? {
        var octets: [UInt8] = []
        var group = 0, bits = 0
        for character in text.utf8 {
            let value: Int
            switch character {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = Int(character) - 65
            case UInt8(ascii: "a")...UInt8(ascii: "z"): value = Int(character) - 71
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = Int(character) + 4
            case UInt8(ascii: "-"): value = 62
            case UInt8(ascii: "_"): value = 63
            default: return nil
            }
            group = group << 6 | value
            bits += 6
            if bits >= 8 {
                bits -= 8
                octets.append(UInt8(group >> bits))
                group &= 1 << bits - 1
            }
        }
        return bits < 6 && group == 0 ? octets : nil
    }
}
