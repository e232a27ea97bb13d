/// Text as encoded words (RFC 2047) of at most 75 octets each, in UTF-8, by the encoding that takes less room.
///
/// Each word is cut where a character ends, so that readers who decode word by word show no broken ones. Only a character too
/// long for any word (a letter under dozens of accents) is cut between its scalars.
struct EncodedWordCutter {
    private(set) var words: [[UInt8]] = []
    private let isBase64: Bool

    private static let longest = 75
    /// `=?utf-8?q?` and `?=`
    private static let frame = 12

    /// - Parameters:
    ///   - firstLength: the room that is left on the line for the first word.
    ///   - length: the room for the others.
    init(_ text: String, firstLength: Int, length: Int) {
        let octets = Array(text.utf8)
        let quoted = octets.reduce(0) { $0 + Self.width($1) }
        isBase64 = (octets.count + 2) / 3 * 4 < quoted
        // Where hardly anything fits, the first word goes to the next line.
        var room = min(firstLength, Self.longest) - Self.frame
        let fullRoom = min(length, Self.longest) - Self.frame
        if room < 16 { room = fullRoom }

        var word: [UInt8] = []
        var size = 0
        for character in text {
            let whole = Array(String(character).utf8)
            let pieces =
                cost(whole, quoted: whole.reduce(0) { $0 + Self.width($1) }) <= fullRoom
                ? [whole] : Self.scalars(of: character)
            for piece in pieces {
                let grown = size + piece.reduce(0) { $0 + Self.width($1) }
                if !word.isEmpty, cost(word + piece, quoted: grown) > room {
                    words.append(encoded(word))
                    word = []
                    size = 0
                    room = fullRoom
                }
                word += piece
                size += piece.reduce(0) { $0 + Self.width($1) }
            }
        }
        if !word.isEmpty { words.append(encoded(word)) }
    }

    private static func scalars(of character: Character) -> [[UInt8]] {
        character.unicodeScalars.map { Array(String(Character($0)).utf8) }
    }

    private func cost(_ octets: [UInt8], quoted: Int) -> Int { isBase64 ? (octets.count + 2) / 3 * 4 : quoted }

    private func encoded(_ octets: [UInt8]) -> [UInt8] {
        var result = Array((isBase64 ? "=?utf-8?b?" : "=?utf-8?q?").utf8)
        if isBase64 {
            ContentEncoder.base64(octets[...], to: &result)
        } else {
            for octet in octets {
                switch octet {
                case UInt8(ascii: " "): result.append(UInt8(ascii: "_"))
                case _ where Self.width(octet) == 1: result.append(octet)
                default:
                    result += [
                        UInt8(ascii: "="), ContentEncoder.hexDigit(octet >> 4), ContentEncoder.hexDigit(octet & 15),
                    ]
                }
            }
        }
        return result + Array("?=".utf8)
    }

    /// What an octet takes in the Q encoding as phrases allow it (RFC 2047, 5, rule 3).
    private static func width(_ octet: UInt8) -> Int {
        switch octet {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            1
        default: " !*+-/".utf8.contains(octet) ? 1 : 3
        }
    }
}
