/// `application/x-www-form-urlencoded` (WHATWG URL Standard, 5.2): for bodies, and for what follows the `?` of a URL.
enum FormEncoding {
    /// `name=value&…`, in this order.
    static func encode(_ fields: [(name: String, value: String)]) -> String {
        var text: [UInt8] = []
        for (index, field) in fields.enumerated() {
            if index > 0 { text.append(UInt8(ascii: "&")) }
            append(field.name, to: &text)
            text.append(UInt8(ascii: "="))
            append(field.value, to: &text)
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// `?name=value&…`, or nothing; fields without a value are left out.
    static func query(_ fields: [(String, String?)]) -> String {
        let given = fields.compactMap { name, value in value.map { (name: name, value: $0) } }
        return given.isEmpty ? "" : "?" + encode(given)
    }

    private static func append(_ text: String, to encoded: inout [UInt8]) {
        for octet in text.utf8 {
            switch octet {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "*"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "_"):
                encoded.append(octet)
            case UInt8(ascii: " "): encoded.append(UInt8(ascii: "+"))
            default:
                encoded.append(UInt8(ascii: "%"))
                encoded.append(digits[Int(octet >> 4)])
                encoded.append(digits[Int(octet & 15)])
            }
        }
    }

    private static let digits = Array("0123456789ABCDEF".utf8)
}
