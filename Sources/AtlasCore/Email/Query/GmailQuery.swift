#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A query as Gmail is asked: the parameter `q` of its API, and `X-GM-RAW` of its IMAP.
///
/// Text of others stands in quotes or is a plain word, so that nothing in it is read as an operator. Gmail has no way to write a quote
/// inside quotes; as it looks for words only, a blank stands for it.
struct GmailQuery: Sendable, Equatable {
    /// Empty for all mail.
    let text: String

    /// - Throws: ``AtlasError`` `invalid_argument` for what Gmail cannot look for.
    init(_ query: MailQuery) throws(AtlasError) {
        text = try Self.written(query.normalized) ?? Self.nothing
    }

    /// Gmail's language has no word for no message.
    private static let nothing = "is:read is:unread"

    /// - Returns: empty for every message, nil for none.
    private static func written(_ query: MailQuery) throws(AtlasError) -> String? {
        switch query {
        case .all: return ""
        case .from(let text): return field("from:", text)
        case .to(let text): return field("to:", text)
        case .cc(let text): return field("cc:", text)
        case .subject(let text): return field("subject:", text)
        // It has no operator for the body.
        case .body(let text), .text(let text): return field("", text)
        case .read: return "is:read"
        case .unread: return "is:unread"
        case .starred: return "is:starred"
        case .answered:
            throw .query(
                "Gmail does not know which messages were answered, so is:answered cannot be searched for there.")
        case .hasAttachment: return "has:attachment"
        // Whether `after:` includes its second is not documented, so it is the second before.
        case .since(let moment): return seconds(moment) > 1 ? "after:\(seconds(moment) - 1)" : ""
        case .before(let moment):
            let end = Int(clamping(moment.timeIntervalSince1970.rounded(.up)))
            return end > 0 ? "before:\(end)" : nil
        case .larger(let size): return size > 0 ? "larger:\(size)" : ""
        case .smaller(let size): return size > 0 ? "smaller:\(size)" : nil
        case .not(let test):
            guard let positive = try written(test) else { return "" }
            // Text without a word in it finds everything, and so does what is not it: Gmail looks past such text.
            return positive.isEmpty ? (test == .all ? nil : "") : "-\(positive)"
        case .and(let members):
            var words: [String] = []
            for member in members {
                guard let word = try written(member) else { return nil }
                if !word.isEmpty { words.append(word) }
            }
            return words.count > 1 ? "(\(words.joined(separator: " ")))" : words.first ?? ""
        case .or(let members):
            var words: [String] = []
            for member in members {
                guard let word = try written(member) else { continue }
                if word.isEmpty { return "" }
                words.append(word)
            }
            return words.count > 1 ? "{\(words.joined(separator: " "))}" : words.first
        }
    }

    private static func clamping(_ seconds: Double) -> Double { max(-1, min(1e11, seconds.isNaN ? 0 : seconds)) }
    private static func seconds(_ moment: Date) -> Int { Int(clamping(moment.timeIntervalSince1970.rounded(.down))) }

    private static func field(_ name: String, _ text: String) -> String {
        var view = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            let isBlank =
                scalar.properties.isWhitespace || scalar.properties.generalCategory == .control
                || quotes.contains(scalar)
            if !isBlank { view.append(scalar) } else if view.last != " " { view.append(" ") }
        }
        let words = String(view).trimmed
        guard words.unicodeScalars.contains(where: { $0.value >= 0x80 || $0.properties.isAlphabetic || isDigit($0) })
        else { return "" }
        return isPlain(words) ? name + words : "\(name)\"\(words)\""
    }

    private static let quotes: Set<Unicode.Scalar> = ["\"", "\u{201C}", "\u{201D}", "\u{201E}", "\u{201F}", "\u{FF02}"]

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { scalar.value &- 0x30 < 10 }

    /// A word that can be nothing but a word. Without quotes Gmail also finds its other forms, as people expect.
    private static func isPlain(_ words: String) -> Bool {
        let scalars = words.unicodeScalars
        guard let first = scalars.first, first.properties.isAlphabetic || isDigit(first),
            !["OR", "AND", "NOT", "AROUND"].contains(words)
        else { return false }
        return scalars.allSatisfy {
            $0.properties.isAlphabetic || isDigit($0) || $0 == "@" || $0 == "." || $0 == "_" || $0 == "-" || $0 == "+"
        }
    }
}
