/// A transcript taken apart: who says what, as far as it tells.
///
/// With labels (`Agent:`, `Caller:`, `Speaker 1:`, names) the turns are theirs. Without, all that can be told is the greeting of
/// the business at the start.
struct CallSpeech: Sendable {
    private(set) var turns: [SpokenTurn]
    /// Whether the transcript says who speaks.
    private(set) var isLabelled: Bool
    let direction: CallDirection?

    init(_ transcript: String, direction: CallDirection?) {
        self.direction = direction
        let lines = transcript.split(whereSeparator: \.isNewline).map { Self.withoutTime($0) }.filter { !$0.isEmpty }
        if let turns = SpeakerRole.turns(of: lines, direction: direction) {
            (self.turns, isLabelled) = (turns, true)
        } else if let turns = SpeakerLabel.turns(of: lines, direction: direction) {
            (self.turns, isLabelled) = (turns, turns.contains { $0.speaker != .unknown })
        } else {
            turns = Self.markingTheGreeting(lines.map { SpokenTurn($0) }, direction: direction)
            isLabelled = false
        }
        turns.removeAll { $0.words.isEmpty }
    }

    /// What the customer may have said.
    var customerTurns: [SpokenTurn] { turns.filter { $0.speaker != .agent } }

    var isOutbound: Bool { direction == .outbound }

    /// `[00:01:02] Hello` without the time.
    private static func withoutTime(_ line: Substring) -> Substring {
        var rest = line.drop(while: \.isWhitespace)
        let time = rest.prefix { $0.isNumber || "[](){}:.,-–> ".contains($0) }
        guard time.contains(":"), time.contains(where: \.isNumber), !time.contains("+") else { return rest }
        rest = rest.dropFirst(time.count)
        return rest
    }

    static let greetings = ["thank you for calling", "thanks for calling", "you've reached", "you have reached"]
    static let offers = [
        "how can i help", "how may i help", "what can i do for you", "how can we help", "can i help you",
    ]

    /// The first words of an inbound call, which are the business's, in a turn of their own.
    private static func markingTheGreeting(_ turns: [SpokenTurn], direction: CallDirection?) -> [SpokenTurn] {
        // Who speaks first when the business calls cannot be told.
        guard direction != .outbound else { return turns }
        var greeting: (turn: Int, words: Int)?
        var seen = 0
        var offered = false
        for (index, turn) in turns.enumerated() where seen < 8 {
            for range in turn.sentences where seen < 8 {
                seen += 1
                if let end = end(of: offers, in: turn, range) {
                    (greeting, offered) = ((index, end), true)
                } else if !offered, let end = end(of: greetings, in: turn, range) {
                    greeting = (index, end)
                } else if !offered, let known = greeting, known.turn == index, known.words == range.lowerBound,
                    [["this", "is"], ["my", "name"], ["you're", "speaking"]].contains(where: {
                        turn.has($0, at: range.lowerBound)
                    })
                {
                    greeting = (index, range.upperBound)
                }
            }
        }
        guard let greeting else { return turns }
        let before = turns[..<greeting.turn].flatMap(\.words)
        let words = turns[greeting.turn].words
        return [
            SpokenTurn(before + words[..<greeting.words], speaker: .agent),
            SpokenTurn(Array(words[greeting.words...]), speaker: .unknown),
        ] + turns[(greeting.turn + 1)...]
    }

    /// Where the words of the business end in a sentence that has one of the phrases: with the sentence, or before the caller's
    /// "hi" where the transcript has no full stops.
    private static func end(of phrases: [String], in turn: SpokenTurn, _ range: Range<Int>) -> Int? {
        let sentence = turn.lowered(range)
        guard phrases.contains(where: { sentence.contains(" \($0)") }) else { return nil }
        let words = phrases.map { $0.split(separator: " ").map(String.init) }
        let phraseEnd = range.compactMap { index in
            words.first { turn.has($0, at: index) }.map { index + $0.count }
        }.max()
        guard let phraseEnd, phraseEnd < range.upperBound else { return range.upperBound }
        let hello = turn.words[phraseEnd..<range.upperBound].firstIndex {
            ["hi", "hello", "hey", "yes", "yeah", "good"].contains($0.lower)
        }
        return hello ?? range.upperBound
    }
}
