/// The customer's name as it is stated in a call: `my name is Ann Lee`, `this is Ann calling`, `Ann Lee speaking`.
struct StatedName {
    private let speech: CallSpeech
    /// Whether the transcript writes names with capitals. Some speech recognition writes none at all.
    private let hasCapitals: Bool

    init(_ speech: CallSpeech) {
        self.speech = speech
        hasCapitals = speech.turns.contains { turn in
            turn.words.indices.dropFirst().contains { index in
                let word = turn.words[index]
                return word.startsUpper && word.lower != "i" && !word.lower.hasPrefix("i'")
                    && turn.words[index - 1].sentence == word.sentence
            }
        }
    }

    /// The best founded name, or nil.
    func find() -> String? {
        var best: (name: String, weight: Int)?
        var askedBefore = false
        for (index, turn) in speech.turns.enumerated() {
            for (place, range) in turn.sentences.enumerated() {
                let words = turn.lowered(range)
                if turn.speaker != .agent {
                    let next = place + 1 < turn.sentences.count ? turn.lowered(turn.sentences[place + 1]) : ""
                    let isFirst = index == 0 && place == 0
                    for found in names(
                        turn, range, next: next, isFirst: isFirst, isOpening: index <= 1 && place <= 1,
                        asked: askedBefore)
                    where found.weight > (best?.weight ?? 0) {
                        best = found
                    }
                }
                if speech.isOutbound, let name = addressed(turn, range, at: (index, place)),
                    best == nil || best!.weight < 2
                {
                    best = (name, 2)
                }
                askedBefore = Self.questions.contains { words.contains($0) }
            }
        }
        guard var name = best?.name else { return labelled() }
        if !name.contains(" "), let last = lastName() { name += " " + last }
        return name
    }

    private func labelled() -> String? {
        speech.turns.lazy.filter { $0.speaker == .customer }.compactMap(\.label).first { PersonalName.accepts($0) }
    }

    private static let questions = [
        " your name", " your full name", " your first name", " who am i speaking ", " whom am i speaking ",
        " who's calling ",
        " who is calling ", " may i ask who", " who is this ", " who's this ", " name please ",
        " your first and last name",
    ]

    private static let introductions: [(words: [String], weight: Int)] = [
        (["my", "full", "name", "is"], 6), (["my", "name", "is"], 6), (["my", "name's"], 6),
        (["my", "first", "name", "is"], 5), (["first", "name", "is"], 5), (["me", "llamo"], 6),
        (["mi", "nombre", "es"], 6),
        (["this", "is"], 4), (["this", "here", "is"], 4), (["the", "name", "is"], 5), (["the", "name's"], 5),
        (["name", "is"], 5), (["name's"], 5), (["i'm"], 3), (["i", "am"], 3), (["it's"], 2), (["it", "is"], 2),
        (["under", "the", "name"], 2), (["under", "the", "name", "of"], 2),
    ]

    private func names(
        _ turn: SpokenTurn, _ range: Range<Int>, next: String, isFirst: Bool, isOpening: Bool, asked: Bool
    ) -> [(name: String, weight: Int)] {
        var found: [(name: String, weight: Int)] = []
        let labelled = turn.speaker == .customer
        let sentence = turn.lowered(range)
        let isBusiness = !labelled && speech.isOutbound && isOfTheBusiness(sentence, next)
        for index in range {
            for introduction in Self.introductions where turn.has(introduction.words, at: index) {
                let start = index + introduction.words.count
                guard start <= range.upperBound, let end = nameEnd(turn, start, range.upperBound) else { continue }
                let opener = introduction.words[0]
                if isBusiness { continue }
                if ["name", "name's", "first"].contains(opener), index > range.lowerBound,
                    !Self.mayPrecede(turn.words[index - 1])
                {
                    continue
                }
                if opener == "i'm" || opener == "i" {
                    guard hasCapitals, ends(turn, end, range) || isFollowed(turn, end, by: Self.afterAName) else {
                        continue
                    }
                }
                if opener == "it's" || opener == "it" {
                    let isGreeted =
                        index > range.lowerBound && index <= range.lowerBound + 3
                        && Self.hellos.contains(turn.words[range.lowerBound].lower)
                    guard hasCapitals, asked || isGreeted,
                        ends(turn, end, range) || isFollowed(turn, end, by: Self.afterAName)
                    else { continue }
                }
                if opener == "this" {
                    guard !turn.words[start - 1].isQuestion,
                        index == range.lowerBound || turn.words[index - 1].lower != "is"
                    else { continue }
                    // Of a lower-case transcript, only what is plainly an introduction.
                    if !hasCapitals,
                        !isFollowed(turn, end, by: ["calling", "from", "again", "speaking", "and", "with", "over"])
                    {
                        continue
                    }
                }
                found.append((PersonalName.text(turn, start..<end, capitalizing: !hasCapitals), introduction.weight))
            }
        }
        // "Ann Lee speaking", "Ann here"
        let opening = skippingFillers(turn, range)
        if hasCapitals, let end = nameEnd(turn, opening, range.upperBound),
            isFollowed(turn, end, by: ["speaking", "here"]), end + 1 == range.upperBound || turn.words[end].endsClause
        {
            // Who picks up says so first.
            let isWhoPicksUp = !labelled && isOpening && !speech.isOutbound
            if !isWhoPicksUp { found.append((PersonalName.text(turn, opening..<end), 4)) }
        }
        // The answer to "may I have your name?"
        if asked, let end = nameEnd(turn, opening, range.upperBound), hasCapitals || range.count <= 4,
            ends(turn, end, range) || turn.words[end - 1].endsClause
                || isFollowed(turn, end, by: ["and", "here", "speaking"])
        {
            let name = PersonalName.text(turn, opening..<end, capitalizing: !hasCapitals)
            if !Self.answers.contains(name.lowercased()) { found.append((name, 4)) }
        }
        return found
    }

    /// `Hi, am I speaking with Ann Lee?`, `Is this Ann?`, `Hi Ann, this is Jenny from …`: whom an outbound call is for.
    private func addressed(_ turn: SpokenTurn, _ range: Range<Int>, at place: (turn: Int, sentence: Int)) -> String? {
        guard turn.speaker != .customer, hasCapitals, place.turn <= 3 else { return nil }
        let questions = [
            ["is", "this"], ["speaking", "with"], ["speaking", "to"], ["speak", "with"], ["speak", "to"],
            ["looking", "for"], ["calling", "for"], ["trying", "to", "reach"],
        ]
        for index in range {
            for question in questions where turn.has(question, at: index) {
                guard let end = nameEnd(turn, index + question.count, range.upperBound) else { continue }
                return isDenied(after: place) ? nil : PersonalName.text(turn, index + question.count..<end)
            }
        }
        let first = range.lowerBound
        guard ["hi", "hello", "hey"].contains(turn.words[first].lower),
            let end = nameEnd(turn, first + 1, range.upperBound),
            turn.has(["this", "is"], at: end)
                || turn.words[end - 1].endsClause && turn.lowered(range).contains(" from ")
        else { return nil }
        return PersonalName.text(turn, first + 1..<end)
    }

    private func isDenied(after place: (turn: Int, sentence: Int)) -> Bool {
        let turn = speech.turns[place.turn]
        let next: String
        if place.sentence + 1 < turn.sentences.count {
            next = turn.lowered(turn.sentences[place.sentence + 1])
        } else if place.turn + 1 < speech.turns.count {
            next = speech.turns[place.turn + 1].lowered()
        } else {
            return false
        }
        return next.hasPrefix(" no ") || next.hasPrefix(" nope ") || next.contains(" wrong number ")
            || next.contains(" no one ") || next.contains(" nobody ") || next.contains(" not here ")
    }

    /// `My last name is Lee`, where the first one was said apart.
    private func lastName() -> String? {
        for turn in speech.customerTurns {
            for index in turn.words.indices {
                for phrase in [["last", "name", "is"], ["last", "name's"], ["last", "name"], ["surname", "is"]]
                where turn.has(phrase, at: index) {
                    let start = index + phrase.count
                    if let end = nameEnd(turn, start, turn.words.count) {
                        return PersonalName.text(turn, start..<end, capitalizing: !hasCapitals)
                    }
                }
            }
        }
        return nil
    }

    // MARK: - Words around a name

    private static let hellos: Set<String> = ["hi", "hello", "hey", "yes", "yeah", "yep", "sure"]
    private static let afterAName: Set<String> = [
        "and", "from", "with", "calling", "over", "at", "here", "again", "i", "i'm", "i've", "i'd", "my", "we", "your",
        "a",
        "the", "from",
    ]
    private static let answers: Set<String> = [
        "yes", "no", "okay", "ok", "thanks", "thank", "sure", "perfect", "great",
    ]

    private static func mayPrecede(_ word: SpokenWord) -> Bool {
        word.endsClause
            || ["hi", "hello", "hey", "yes", "yeah", "my", "and", "sure", "so", "uh", "um"].contains(word.lower)
    }

    private func isOfTheBusiness(_ sentence: String, _ next: String) -> Bool {
        [sentence, next].contains { text in
            [" calling ", " reaching out ", " following up ", " checking in ", " from ", " with ", " returning "]
                .contains {
                    text.contains($0)
                }
        }
    }

    private func nameEnd(_ turn: SpokenTurn, _ start: Int, _ limit: Int) -> Int? {
        PersonalName.end(turn, from: start, before: limit, hasCapitals: hasCapitals)
    }

    private func ends(_ turn: SpokenTurn, _ end: Int, _ range: Range<Int>) -> Bool {
        end >= range.upperBound || turn.words[end - 1].endsClause
    }

    private func isFollowed(_ turn: SpokenTurn, _ end: Int, by words: Set<String>) -> Bool {
        end < turn.words.count && words.contains(turn.words[end].lower)
    }

    private func skippingFillers(_ turn: SpokenTurn, _ range: Range<Int>) -> Int {
        let fillers: Set<String> = [
            "hi", "hello", "hey", "yes", "yeah", "yep", "sure", "uh", "um", "okay", "ok", "so", "it's", "that's", "of",
            "course", "oh", "well", "certainly", "absolutely", "it", "is", "good", "morning", "afternoon", "evening",
        ]
        var index = range.lowerBound
        while index < range.upperBound, fillers.contains(turn.words[index].lower) { index += 1 }
        return index
    }
}
