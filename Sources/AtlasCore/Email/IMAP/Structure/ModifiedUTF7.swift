/// The names of mailboxes on the wire (RFC 3501, 5.1.3): printable ASCII, `&-` for `&`, and `&…-` around UTF-16 in a base64 of its own.
enum ModifiedUTF7 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,".utf8)
    private static let digits: [UInt8: UInt32] = Dictionary(
        uniqueKeysWithValues: alphabet.enumerated().map { ($1, UInt32($0)) })

    static func encode(_ name: String) -> String {
        var encoded: [UInt8] = []
        var shifted: [UInt16] = []
        for unit in name.utf16 {
            guard (0x20...0x7E).contains(unit) else {
                shifted.append(unit)
                continue
            }
            append(&shifted, to: &encoded)
            encoded.append(UInt8(unit))
            if unit == 0x26 { encoded.append(UInt8(ascii: "-")) }
        }
        append(&shifted, to: &encoded)
        return String(decoding: encoded, as: UTF8.self)
    }

    private static func append(_ units: inout [UInt16], to encoded: inout [UInt8]) {
        guard !units.isEmpty else { return }
        encoded.append(UInt8(ascii: "&"))
        var bits: UInt32 = 0
        var count = 0
        for unit in units {
            bits = bits << 16 | UInt32(unit)
            count += 16
            while count >= 6 {
                count -= 6
                encoded.append(alphabet[Int(bits >> UInt32(count) & 63)])
            }
            bits &= 63
        }
        if count > 0 { encoded.append(alphabet[Int(bits << UInt32(6 - count) & 63)]) }
        encoded.append(UInt8(ascii: "-"))
        units.removeAll(keepingCapacity: true)
    }

    /// The name that `octets` stand for. What is not written as RFC 3501 wants stays as it is, so that two mailboxes never have one
    /// name: servers that take UTF-8 write it, and some hold names from before there was a rule.
    static func decode(_ octets: some Collection<UInt8>) -> String {
        let written = String(decoding: octets, as: UTF8.self)
        guard octets.contains(UInt8(ascii: "&")), let decoded = decoded(Array(octets)), encode(decoded) == written
        else {
            return written
        }
        return decoded
    }

    private static func decoded(_ octets: [UInt8]) -> String? {
        var units: [UInt16] = []
        var index = 0
        while index < octets.count {
            let octet = octets[index]
            index += 1
            guard octet == UInt8(ascii: "&") else {
                guard (0x20...0x7E).contains(octet) else { return nil }
                units.append(UInt16(octet))
                continue
            }
            guard let end = octets[index...].firstIndex(of: UInt8(ascii: "-")) else { return nil }
            if end == index {
                units.append(0x26)
            } else {
                guard let shifted = shifted(octets[index..<end]) else { return nil }
                units += shifted
            }
            index = end + 1
        }
        return String(validating: units, as: UTF16.self)
    }

    private static func shifted(_ octets: ArraySlice<UInt8>) -> [UInt16]? {
        var units: [UInt16] = []
        var bits: UInt32 = 0
        var count = 0
        for octet in octets {
            guard let digit = digits[octet] else { return nil }
            bits = bits << 6 | digit
            count += 6
            guard count >= 16 else { continue }
            count -= 16
            units.append(UInt16(truncatingIfNeeded: bits >> UInt32(count)))
            bits &= 1 << UInt32(count) - 1
        }
        return bits == 0 && count < 6 ? units : nil
    }
}
