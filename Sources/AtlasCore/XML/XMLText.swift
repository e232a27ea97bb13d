import CXML

/// XML 1.0 as text: told whether it is well-formed, and written so that it is.
enum XMLText {
    enum Reading: Equatable {
        /// Well-formed, with this root element.
        case document(root: String)
        /// What is wrong, in a few words.
        case broken(String)
        /// libxml2 is not installed.
        case unknown
    }

    /// Reads a document without touching a file or the network; one with a document type declaration counts as broken, since
    /// nothing we pass on needs its entities.
    static func read(_ text: String) -> Reading {
        var root = [CChar](repeating: 0, count: 128)
        var problem = [CChar](repeating: 0, count: 256)
        var text = text
        let answer = text.withUTF8 { octets in
            octets.withMemoryRebound(to: CChar.self) {
                guard let start = $0.baseAddress else { return Int32(0) }
                return atlas_xml_is_well_formed(start, $0.count, &root, root.count, &problem, problem.count)
            }
        }
        switch answer {
        case 1: return .document(root: Self.string(root))
        case 0:
            let words = Self.string(problem)
            return .broken(words.isEmpty ? "it is empty" : words)
        default: return .unknown
        }
    }

    /// `text` as the content of an element or an attribute (XML 1.0, 2.4). Characters that XML has no form for are left out.
    static func escape(_ text: String) -> String {
        var escaped = ""
        escaped.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&apos;"
            case "\t", "\n", "\r": escaped.unicodeScalars.append(scalar)
            case "\u{0}"..."\u{1F}", "\u{FFFE}", "\u{FFFF}": continue
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    private static func string(_ characters: [CChar]) -> String {
        String(decoding: characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
