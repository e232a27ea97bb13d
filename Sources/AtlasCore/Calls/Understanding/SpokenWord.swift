/// A word of a transcript with the punctuation around it.
struct SpokenWord: Sendable, Equatable {
    /// As written: `(217)`, `Lee,`
    let raw: Substring
    /// Without punctuation at both ends; a leading `+`, `$`, `#` belongs to it.
    let core: Substring
    let lower: String
    /// Where it is in its turn.
    var sentence = 0

    init?(_ raw: Substring) {
        guard let first = raw.firstIndex(where: Self.begins), let last = raw.lastIndex(where: Self.ends) else {
            return nil
        }
        self.raw = raw
        core = first <= last ? raw[first...last] : raw[last...last]
        lower = core.lowercased().replacing("\u{2019}", with: "'")
    }

    private static func begins(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || "+$#€£@".contains(character)
    }

    private static func ends(_ character: Character) -> Bool { character.isLetter || character.isNumber }

    private var tail: Substring { raw[core.endIndex...] }

    var startsUpper: Bool { core.first?.isUppercase ?? false }
    var isQuestion: Bool { tail.contains("?") }
    /// A comma, or more, follows.
    var endsClause: Bool { tail.contains { ",;:.?!…–—)".contains($0) } }

    /// Whether a sentence ends here, unless the word is one of those that are written with a full stop.
    func endsSentence(before next: SpokenWord?) -> Bool {
        guard tail.contains(where: { ".?!…".contains($0) }) else { return false }
        guard !tail.contains("?"), !tail.contains("!") else { return true }
        if core.count == 1, core.first?.isLetter == true { return lower != "i" && next == nil }
        if lower == "a.m" || lower == "p.m" { return next?.startsUpper ?? true }
        return !Self.abbreviations.contains(lower)
    }

    private static let abbreviations: Set<String> = [
        "mr", "mrs", "ms", "dr", "prof", "st", "ave", "blvd", "rd", "ln", "ct", "apt", "no", "ste", "jr", "sr", "hwy",
    ]
}

/// What one side says until the other speaks, as far as the transcript tells.
struct SpokenTurn: Sendable, Equatable {
    enum Speaker: Sendable { case agent, customer, unknown }

    var speaker: Speaker
    private(set) var words: [SpokenWord]
    /// The ranges of `words` that are sentences.
    private(set) var sentences: [Range<Int>]
    /// What the transcript calls the speaker, when it is a name.
    var label: String?

    init(_ text: some StringProtocol, speaker: Speaker = .unknown, label: String? = nil) {
        self.init(
            String(text).split(whereSeparator: \.isWhitespace).compactMap(SpokenWord.init), speaker: speaker,
            label: label)
    }

    init(_ words: [SpokenWord], speaker: Speaker, label: String? = nil) {
        self.speaker = speaker
        self.words = words
        self.label = label
        sentences = []
        var start = 0
        for index in words.indices {
            self.words[index].sentence = sentences.count
            let next = index + 1 < words.count ? words[index + 1] : nil
            if words[index].endsSentence(before: next) || next == nil {
                sentences.append(start..<index + 1)
                start = index + 1
            }
        }
    }

    /// Words as they are written, without the punctuation at both ends.
    func text(_ range: Range<Int>) -> String {
        guard let first = words[range].first, let last = words[range].last else { return "" }
        guard range.count > 1 else { return String(first.core) }
        let middle = words[range].dropFirst().dropLast().map { String($0.raw) }
        return ([String(first.raw[first.core.startIndex...])] + middle + [String(last.raw[..<last.core.endIndex])])
            .joined(separator: " ")
    }

    /// Words in lower case with one space between them and one at both ends, for looking up phrases.
    func lowered(_ range: Range<Int>) -> String {
        " " + words[range].map(\.lower).joined(separator: " ") + " "
    }
    func lowered() -> String { lowered(0..<words.count) }

    /// Whether these words stand at `index`.
    func has(_ phrase: [String], at index: Int) -> Bool {
        guard index >= 0, index + phrase.count <= words.count else { return false }
        return zip(words[index...], phrase).allSatisfy { $0.lower == $1 }
    }
}
