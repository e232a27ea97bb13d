/// Digits as they are said or written in a transcript: `217-555-0134`, `two one seven, double five five, oh one thirty-four`.
struct SpokenDigits: Sendable, Equatable {
    /// What one group of digits stands apart from the next by a comma or a filler.
    struct Part: Sendable, Equatable {
        var digits: String
        var words: Range<Int>
    }

    /// Whether a plus sign, or "plus" or "country code", stands before them.
    var hasPlus: Bool
    var parts: [Part]
    var words: Range<Int>

    var digits: String { parts.map(\.digits).joined() }

    /// The runs of digits in a turn, in their order.
    static func runs(in turn: SpokenTurn) -> [SpokenDigits] {
        var runs: [SpokenDigits] = []
        var index = 0
        while index < turn.words.count {
            var reader = Reader(turn: turn, index: index)
            if let run = reader.run() {
                runs.append(run)
                index = max(run.words.upperBound, index + 1)
            } else {
                index += 1
            }
        }
        return runs
    }

    private struct Reader {
        let turn: SpokenTurn
        var index: Int

        private static let fillers: Set<String> = ["uh", "um", "er", "dash", "hyphen", "and", "then", "like"]
        private static let mostDigits = 40

        mutating func run() -> SpokenDigits? {
            let start = index
            var hasPlus = false
            if turn.words[index].lower == "plus" {
                hasPlus = true
                index += 1
            } else if turn.has(["country", "code"], at: index) {
                hasPlus = true
                index += 2
            }
            var parts: [Part] = []
            var begin = index
            var current = ""
            var count = 0
            var end = index
            func close() {
                if !current.isEmpty { parts.append(Part(digits: current, words: begin..<end)) }
                current = ""
            }
            while index < turn.words.count, count < Self.mostDigits {
                let word = turn.words[index]
                if let group = group() {
                    if group.hasPlus {
                        if count > 0 { break }
                        hasPlus = true
                    }
                    if current.isEmpty { begin = index }
                    current += group.digits
                    count += group.digits.count
                    index += group.words
                    end = index
                    let last = turn.words[index - 1]
                    if last.endsClause { close() }
                    // A sentence may end in the middle of a dictated number, not after a whole one.
                    let endsSentence = index < turn.words.count && turn.words[index].sentence > last.sentence
                    if last.isQuestion || (endsSentence && count >= 10) { break }
                } else if count > 0, Self.fillers.contains(word.lower), index + 1 < turn.words.count {
                    close()
                    index += 1
                    if group() == nil { break }
                } else {
                    break
                }
            }
            close()
            guard !parts.isEmpty else { return nil }
            return SpokenDigits(hasPlus: hasPlus, parts: parts, words: start..<max(end, start + 1))
        }

        /// The digits that the word here stands for, and how many words that takes.
        private func group() -> (digits: String, hasPlus: Bool, words: Int)? {
            guard index < turn.words.count else { return nil }
            let word = turn.words[index]
            if let written = Self.written(word.core) { return (written.digits, written.hasPlus, 1) }
            if let times = ["double": 2, "triple": 3][word.lower], index + 1 < turn.words.count,
                let digit = SpokenNumber.digit(turn.words[index + 1].lower)
            {
                return (String(repeating: digit, count: times), false, 2)
            }
            let next = index + 1 < turn.words.count && !word.endsClause ? turn.words[index + 1].lower : nil
            guard let said = SpokenNumber.digits(of: word.lower, before: next) else { return nil }
            return (said.digits, false, said.usesNext ? 2 : 1)
        }

        /// Digits with the marks that people write between those of a phone number.
        private static func written(_ core: Substring) -> (digits: String, hasPlus: Bool)? {
            var digits = ""
            for (place, character) in core.enumerated() {
                if let value = character.wholeNumberValue, (0...9).contains(value) {
                    digits += String(value)
                } else if character == "+" {
                    guard place == 0 else { return nil }
                } else if !"-.()\u{2010}\u{2011}\u{2013}".contains(character) {
                    return nil
                }
            }
            return digits.isEmpty ? nil : (digits, core.first == "+")
        }
    }
}

/// English number words.
enum SpokenNumber {
    private static let units: [String: String] = [
        "zero": "0", "oh": "0", "o": "0", "nought": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5",
        "six": "6", "seven": "7", "eight": "8", "nine": "9", "niner": "9",
    ]
    private static let teens: [String: String] = [
        "ten": "10", "eleven": "11", "twelve": "12", "thirteen": "13", "fourteen": "14", "fifteen": "15",
        "sixteen": "16", "seventeen": "17", "eighteen": "18", "nineteen": "19",
    ]
    private static let tens: [String: String] = [
        "twenty": "2", "thirty": "3", "forty": "4", "fifty": "5", "sixty": "6", "seventy": "7", "eighty": "8",
        "ninety": "9",
    ]

    static func digit(_ word: String) -> String? {
        if let unit = units[word] { return unit }
        return word.count == 1 && word.first?.isASCII == true && word.first?.isNumber == true ? word : nil
    }

    /// Whether the word counts something: `twelve Oak Street`.
    static func isNumber(_ word: String) -> Bool { digits(of: word, before: nil) != nil && word != "o" && word != "oh" }

    /// The digits that a word stands for in a dictated number; `hundred` after it is two zeros more.
    static func digits(of word: String, before next: String?) -> (digits: String, usesNext: Bool)? {
        let parts = word.split(separator: "-").map(String.init)
        if parts.count > 1 {
            var digits = ""
            var index = 0
            while index < parts.count {
                let following = index + 1 < parts.count ? parts[index + 1] : nil
                guard let said = self.digits(of: parts[index], before: following) else { return nil }
                digits += said.digits
                index += said.usesNext ? 2 : 1
            }
            return (digits, false)
        }
        if let ten = tens[word] {
            if let next, let unit = units[next], unit != "0" { return (ten + unit, true) }
            return (ten + "0", false)
        }
        guard let value = units[word] ?? teens[word] else { return nil }
        switch next {
        case "hundred": return (value + "00", true)
        case "thousand": return (value + "000", true)
        default: return (value, false)
        }
    }
}
