#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The id of an event at Google as others know it: `o.` and Google's own.
///
/// Ids come from callers, and become part of a URL only if they have their shape. An event that we make has an id made of its UID, so that
/// it cannot be made twice, in the digits of base32hex (RFC 4648, 7), which are all that Google takes: `atlas0`, the digits of the UUID that
/// it begins with, and the rest encoded; `atlas2` and the UID as it is, where it has only such digits; else `atlas1` and all of it encoded.
enum GoogleEventID {
    static func shown(_ raw: String) -> String { "o." + raw }

    /// Google's own id; nil when it is none.
    static func raw(_ id: String) -> String? {
        guard id.hasPrefix("o.") else { return nil }
        let raw = id.dropFirst(2)
        return isRaw(raw) ? String(raw) : nil
    }

    /// Letters, digits and `_`: an occurrence's is that of its series with its time behind it.
    static func isRaw(_ text: some StringProtocol) -> Bool {
        (1...1100).contains(text.utf8.count)
            && text.utf8.allSatisfy { octet in
                (0x30...0x39).contains(octet) || (0x61...0x7A).contains(octet | 0x20) || octet == 0x5F || octet == 0x2D
            }
    }

    /// Google's id for an event of this UID; nil when the UID is too long.
    static func made(from uid: String) -> String? {
        let made: String
        if let uuid = UUID(canonical: String(uid.prefix(36))), uuid.uuidString.lowercased() == uid.prefix(36) {
            made = "atlas0" + uid.prefix(36).filter { $0 != "-" } + base32(uid.dropFirst(36).utf8)
        } else if uid.utf8.allSatisfy(digits.contains) {
            made = "atlas2" + uid
        } else {
            made = "atlas1" + base32(uid.utf8)
        }
        return made.utf8.count <= 1024 && !uid.isEmpty ? made : nil
    }

    /// The UID that an event's, a series' or an occurrence's id was made from; nil when we did not make it.
    static func uid(of raw: String) -> String? {
        let series = raw.prefix { $0 != "_" }
        if series.hasPrefix("atlas2") {
            let uid = String(series.dropFirst(6))
            return made(from: uid) == String(series) ? uid : nil
        }
        var uid = ""
        var rest: Substring
        if series.hasPrefix("atlas0") {
            let digits = Array(series.dropFirst(6).prefix(32))
            guard digits.count == 32 else { return nil }
            for (index, digit) in digits.enumerated() {
                if [8, 12, 16, 20].contains(index) { uid.append("-") }
                uid.append(digit)
            }
            guard UUID(canonical: uid) != nil else { return nil }
            rest = series.dropFirst(38)
        } else if series.hasPrefix("atlas1") {
            rest = series.dropFirst(6)
        } else {
            return nil
        }
        guard let octets = octets(rest), octets.allSatisfy({ (0x21...0x7E).contains($0) }) else { return nil }
        uid += String(decoding: octets, as: UTF8.self)
        return made(from: uid) == String(series) ? uid : nil
    }

    private static let digits = Array("0123456789abcdefghijklmnopqrstuv".utf8)

    private static func base32(_ octets: some Sequence<UInt8>) -> String {
        var text: [UInt8] = []
        var (held, bits) = (0, 0)
        for octet in octets {
            held = (held & 0x1F) << 8 | Int(octet)
            bits += 8
            while bits >= 5 {
                bits -= 5
                text.append(digits[held >> bits & 0x1F])
            }
        }
        if bits > 0 { text.append(digits[held << (5 - bits) & 0x1F]) }
        return String(decoding: text, as: UTF8.self)
    }

    private static func octets(_ text: some StringProtocol) -> [UInt8]? {
        var octets: [UInt8] = []
        var (held, bits) = (0, 0)
        for digit in text.utf8 {
            guard let value = digits.firstIndex(of: digit) else { return nil }
            held = (held & 0xFF) << 5 | value
            bits += 5
            if bits >= 8 {
                bits -= 8
                octets.append(UInt8(truncatingIfNeeded: held >> bits))
            }
        }
        return octets
    }
}
