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

    private static func markingTheGreeting(_ turns: [SpokenTurn], direction: CallDirection?) -> [SpokenTurn] {
        var sentences: [SpokenTurn] = []
        var turnOf: [Int] = []
        for (index, turn) in turns.enumerated() {
            for range in turn.sentences {
                sentences.append(SpokenTurn(Array(turn.words[range]), speaker: .unknown))
                turnOf.append(index)
                if sentences.count == 8 { break }
            }
            if sentences.count == 8 { break }
        }
        let spoken = sentences.map { $0.lowered() }
        func last(_ phrases: [String]) -> Int? {
            spoken.lastIndex { sentence in phrases.contains { sentence.contains(" \($0)") } }
        }
        var count = 0
        if direction == .outbound {
            // Only what is surely the business's: the rest may be either's.
            return turns
        }
        if let offer = last(offers) {
            count = offer + 1
        } else if let greeting = last(greetings) {
            count = greeting + 1
            while count < sentences.count,
                ["this is ", "my name is ", "you're speaking "].contains(where: { spoken[count].hasPrefix(" " + $0) })
            {
                count += 1
            }
        }
        guard count > 0 else { return turns }
        let greeting = SpokenTurn(sentences[..<count].flatMap(\.words), speaker: .agent)
        let lastTurn = turnOf[count - 1]
        let said = sentences[..<count].indices.filter { turnOf[$0] == lastTurn }.reduce(0) {
            $0 + sentences[$1].words.count
        }
        let rest = SpokenTurn(Array(turns[lastTurn].words[said...]), speaker: .unknown)
        return [greeting, rest] + turns[(lastTurn + 1)...]
    }
}
