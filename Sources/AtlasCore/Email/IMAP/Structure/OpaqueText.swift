#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Text inside an id: base64url without padding (RFC 4648, 5), so that ids survive URLs, shells and models.
enum OpaqueText {
    static func encode(_ text: String) -> String {
        var encoded = ""
        for character in Data(text.utf8).base64EncodedString() {
            switch character {
            case "+": encoded.append("-")
            case "/": encoded.append("_")
            case "=": break
            default: encoded.append(character)
            }
        }
        return encoded
    }

    /// nil unless ``encode(_:)`` writes just this, for a text without control characters.
    static func decode(_ encoded: some StringProtocol) -> String? {
        guard encoded.utf8.count <= 4096 else { return nil }
        var standard = ""
        for character in encoded {
            switch character {
            case "-": standard.append("+")
            case "_": standard.append("/")
            default: standard.append(character)
            }
        }
        standard += String(repeating: "=", count: (4 - standard.utf8.count % 4) % 4)
        guard let data = Data(base64Encoded: standard), let text = String(validating: data, as: UTF8.self),
            text.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control }), encode(text) == encoded
        else { return nil }
        return text
    }
}
