/// Encoded words (RFC 2047): how a header of ASCII carries other text.
enum EncodedWord {
    /// The text of a field's value. Words that stand side by side are joined; where their charset is the same their octets are joined
    /// before they become text, because many programs cut a character in two. What is no encoded word is UTF-8 (RFC 6532), or
    /// windows-1252 where it cannot be that.
    static func decode(_ value: [UInt8]) -> String { decode(value[...]) }

    static func decode(_ value: ArraySlice<UInt8>) -> String {
        var scanner = EncodedWordScanner(value)
        guard var word = scanner.next() else { return value.guessedText }
        var text = ""
        var position = value.startIndex
        while true {
            text += value[position..<word.range.lowerBound].guessedText
            // The word, and those behind it that go on in its charset.
            var octets = word.octets
            position = word.range.upperBound
            var following = scanner.next()
            while let next = following,
                value[position..<next.range.lowerBound].allSatisfy({ $0.isBlank || $0.isLineEnd })
            {
                if next.charset != word.charset {
                    text += Charset.decode(octets[...], label: word.charset).text
                    octets = []
                }
                octets += next.octets
                word = next
                position = next.range.upperBound
                following = scanner.next()
            }
            text += Charset.decode(octets[...], label: word.charset).text
            guard let next = following else { break }
            word = next
        }
        return text + value[position...].guessedText
    }
}

/// Finds encoded words one after the other.
struct EncodedWordScanner {
    struct Word {
        let range: Range<Int>
        /// In lower case, without a language (RFC 2231, 5).
        let charset: String
        let octets: [UInt8]
    }

    private let value: ArraySlice<UInt8>
    private var position: Int
    /// From where on there is no `?=`: a value of many beginnings must not be searched from each of them.
    private var lastEnd: Int

    init(_ value: ArraySlice<UInt8>) {
        self.value = value
        position = value.startIndex
        lastEnd = value.endIndex
    }

    mutating func next() -> Word? {
        while position < value.endIndex {
            let start = value.next(UInt8(ascii: "="), from: position, before: value.endIndex)
            guard start + 1 < value.endIndex else { break }
            position = start + 1
            guard value[start + 1] == UInt8(ascii: "?"), let word = word(at: start) else { continue }
            position = word.range.upperBound
            return word
        }
        position = value.endIndex
        return nil
    }

    /// `=?charset?encoding?text?=`. Text with blanks is no encoded word by the letter, and one to everybody.
    private mutating func word(at start: Int) -> Word? {
        let labelEnd = value.next(UInt8(ascii: "?"), from: start + 2, before: Swift.min(start + 80, value.endIndex))
        guard labelEnd > start + 2, labelEnd + 2 < value.endIndex, value[labelEnd] == UInt8(ascii: "?"),
            value[labelEnd + 2] == UInt8(ascii: "?")
        else { return nil }
        let label = value[(start + 2)..<labelEnd]
        guard label.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "=") }) else { return nil }
        let encoding = value[labelEnd + 1].lowercased
        guard encoding == UInt8(ascii: "b") || encoding == UInt8(ascii: "q"), let end = end(from: labelEnd + 3) else {
            return nil
        }
        let charset = label.prefix { $0 != UInt8(ascii: "*") }.map(\.lowercased)
        let content = value[(labelEnd + 3)..<end]
        return Word(
            range: start..<(end + 2), charset: String(decoding: charset, as: UTF8.self),
            octets: encoding == UInt8(ascii: "b") ? Base64.decode(content) : Self.decodeQ(content))
    }

    private mutating func end(from start: Int) -> Int? {
        var index = start
        while index < lastEnd {
            index = value.next(UInt8(ascii: "?"), from: index, before: lastEnd)
            guard index + 1 < value.endIndex, index < lastEnd else { break }
            if value[index + 1] == UInt8(ascii: "=") { return index }
            index += 1
        }
        lastEnd = Swift.min(lastEnd, start)
        return nil
    }

    private static func decodeQ(_ content: ArraySlice<UInt8>) -> [UInt8] {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(content.count)
        var index = content.startIndex
        while index < content.endIndex {
            if content[index] == UInt8(ascii: "="), index + 2 < content.endIndex,
                let high = content[index + 1].hexadecimal,
                let low = content[index + 2].hexadecimal
            {
                decoded.append(high << 4 | low)
                index += 3
            } else {
                decoded.append(content[index] == UInt8(ascii: "_") ? 0x20 : content[index])
                index += 1
            }
        }
        return decoded
    }
}
