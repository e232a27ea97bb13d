/// Takes `word; name=value; name="value"` apart.
struct ParameterScanner {
    private let value: ArraySlice<UInt8>
    private var position: Int

    init(_ value: ArraySlice<UInt8>) {
        self.value = value
        position = value.startIndex
    }

    /// What stands before the first semicolon, without comments, quotes and blanks. Where that already is a parameter, because the word
    /// was forgotten, nothing is taken.
    mutating func word() -> [UInt8] {
        let start = position
        var word: [UInt8] = []
        while position < value.endIndex, value[position] != UInt8(ascii: ";") {
            let octet = value[position]
            if octet == UInt8(ascii: "=") {
                position = start
                return []
            }
            if octet == UInt8(ascii: "(") {
                skipComment()
                continue
            }
            // `text/plain charset=x`: a semicolon was forgotten.
            if octet.isBlank, !word.isEmpty, hasParameter(at: position) { break }
            if !octet.isBlank, octet != UInt8(ascii: "\"") { word.append(octet) }
            position += 1
        }
        return word
    }

    mutating func parameter() -> (name: [UInt8], value: [UInt8])? {
        while true {
            skip { $0 == UInt8(ascii: ";") }
            guard position < value.endIndex else { return nil }
            let start = position
            while position < value.endIndex, isName(value[position]) { position += 1 }
            let name = value[start..<position]
            skip { _ in false }
            guard !name.isEmpty, position < value.endIndex, value[position] == UInt8(ascii: "=") else {
                // No parameter: on to the next semicolon, and past one octet at least.
                position = value.next(UInt8(ascii: ";"), from: Swift.max(position, start + 1), before: value.endIndex)
                continue
            }
            position += 1
            skip { _ in false }
            let isQuoted = position < value.endIndex && value[position] == UInt8(ascii: "\"")
            return (Array(name), isQuoted ? quoted() : token())
        }
    }

    private func isName(_ octet: UInt8) -> Bool {
        octet > 0x20 && octet != 0x7F && octet != UInt8(ascii: "=") && octet != UInt8(ascii: ";")
            && octet != UInt8(ascii: "(")
            && octet != UInt8(ascii: "\"")
    }

    /// Whether blanks and then `name=` stand at the index. A name is short; nobody searches for ever.
    private func hasParameter(at index: Int) -> Bool {
        let rest = value[index...].prefix(64).drop(while: \.isBlank)
        let name = rest.prefix { isName($0) }
        return !name.isEmpty && rest.dropFirst(name.count).first == UInt8(ascii: "=")
    }

    /// Blanks, comments, and what else is told.
    private mutating func skip(_ also: (UInt8) -> Bool) {
        while position < value.endIndex {
            let octet = value[position]
            if octet == UInt8(ascii: "(") {
                skipComment()
            } else if octet.isBlank || octet.isLineEnd || also(octet) {
                position += 1
            } else {
                return
            }
        }
    }

    private mutating func skipComment() {
        var depth = 0
        while position < value.endIndex {
            let octet = value[position]
            position += 1
            if octet == UInt8(ascii: "\\") {
                position = Swift.min(position + 1, value.endIndex)
            } else if octet == UInt8(ascii: "(") {
                depth += 1
            } else if octet == UInt8(ascii: ")") {
                depth -= 1
                if depth == 0 { return }
            }
        }
    }

    /// A quoted string. A backslash counts only before a quote or a backslash: before other characters it is a path of Windows.
    private mutating func quoted() -> [UInt8] {
        position += 1
        var text: [UInt8] = []
        while position < value.endIndex {
            let octet = value[position]
            position += 1
            if octet == UInt8(ascii: "\"") { break }
            if octet == UInt8(ascii: "\\"), position < value.endIndex,
                value[position] == UInt8(ascii: "\"") || value[position] == UInt8(ascii: "\\")
            {
                text.append(value[position])
                position += 1
            } else {
                text.append(octet)
            }
        }
        return text
    }

    /// A value without quotes, up to the semicolon: file names with blanks are written so. A comment is one only behind a blank.
    private mutating func token() -> [UInt8] {
        let start = position
        while position < value.endIndex, value[position] != UInt8(ascii: ";") {
            if value[position].isBlank {
                let next = value[position...].prefix(64).drop(while: \.isBlank).first
                if next == UInt8(ascii: "(") || hasParameter(at: position) { break }
            }
            position += 1
        }
        return Array(value[start..<position].trimmed)
    }
}
