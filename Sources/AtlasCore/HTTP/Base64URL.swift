#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Base64 with the alphabet for URLs (RFC 4648, 5).
enum Base64URL {
    static func encode(_ octets: [UInt8]) -> String {
        var text = Array(Data(octets).base64EncodedData())
        for index in text.indices {
            switch text[index] {
            case UInt8(ascii: "+"): text[index] = UInt8(ascii: "-")
            case UInt8(ascii: "/"): text[index] = UInt8(ascii: "_")
            default: break
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// With or without padding, and the usual alphabet too; nil for anything else.
    static func decode(_ text: String) -> [UInt8]? {
        var octets = Array(text.utf8)
        for index in octets.indices {
            switch octets[index] {
            case UInt8(ascii: "-"): octets[index] = UInt8(ascii: "+")
            case UInt8(ascii: "_"): octets[index] = UInt8(ascii: "/")
            default: break
            }
        }
        while octets.last == UInt8(ascii: "=") { octets.removeLast() }
        octets += Array(repeating: UInt8(ascii: "="), count: (4 - octets.count % 4) % 4)
        return Data(base64Encoded: Data(octets)).map(Array.init)
    }
}
