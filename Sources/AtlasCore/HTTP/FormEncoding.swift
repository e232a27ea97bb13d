/// `application/x-www-form-urlencoded` as the WHATWG writes it (URL Standard, 5.2).
enum FormEncoding {
    static let type = "application/x-www-form-urlencoded"

    static func encode(_ fields: [(name: String, value: String)]) -> [UInt8] {
        var octets: [UInt8] = []
        octets.reserveCapacity(fields.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count + 8 })
        for (index, field) in fields.enumerated() {
            if index > 0 { octets.append(UInt8(ascii: "&")) }
            append(field.name, to: &octets)
            octets.append(UInt8(ascii: "="))
            append(field.value, to: &octets)
        }
        return octets
    }

    /// `?name=value&…` for the end of a URL, or nothing; fields without a value are left out.
    static func query(_ fields: [(String, String?)]) -> String {
        let given = fields.compactMap { name, value in value.map { (name: name, value: $0) } }
        return given.isEmpty ? "" : "?" + String(decoding: encode(given), as: UTF8.self)
    }

    /// One step of a path (RFC 3986, 3.3), for names that have no shape of their own. `.` and `..` stay what they are, and mean places.
    static func step(_ text: String) -> String {
        String(decoding: encode([(text, "")]).dropLast(), as: UTF8.self)
            .replacing("+", with: "%20").replacing("*", with: "%2A")
    }

    private static let digits = Array("0123456789ABCDEF".utf8)

    private static func append(_ text: String, to octets: inout [UInt8]) {
        for octet in text.utf8 {
            switch octet {
            case UInt8(ascii: " "): octets.append(UInt8(ascii: "+"))
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "*"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "_"):
                octets.append(octet)
            default:
                octets.append(UInt8(ascii: "%"))
                octets.append(digits[Int(octet >> 4)])
                octets.append(digits[Int(octet & 15)])
            }
        }
    }
}
