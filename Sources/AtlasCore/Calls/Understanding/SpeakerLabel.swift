/// Labels that say what a speaker is to the business: `Agent:`, `Caller:`.
enum SpeakerRole {
    private static let agents: Set<String> = [
        "agent", "rep", "representative", "receptionist", "staff", "operator", "csr", "assistant", "business",
        "company",
        "office", "employee", "dispatcher", "dispatch", "technician", "tech", "host", "ai", "bot", "system", "ivr",
    ]
    private static let customers: Set<String> = [
        "caller", "customer", "client", "lead", "prospect", "patient", "homeowner", "user", "guest", "resident",
        "tenant", "callee", "recipient", "voicemail",
    ]

    /// Nil when the transcript has no such labels. They may stand in the middle of a line.
    static func turns(of lines: [Substring], direction: CallDirection?) -> [SpokenTurn]? {
        var turns: [SpokenTurn] = []
        var roles: Set<String> = []
        for line in lines {
            var words: [SpokenWord] = []
            var role: String?
            func finish() {
                guard !words.isEmpty else { return }
                if let role {
                    turns.append(SpokenTurn(words, speaker: .unknown, label: role))
                } else if let last = turns.last {
                    // A line without a label goes on with what the speaker before it says.
                    turns[turns.count - 1] = SpokenTurn(last.words + words, speaker: .unknown, label: last.label)
                } else {
                    turns.append(SpokenTurn(words, speaker: .unknown))
                }
                words = []
            }
            for raw in line.split(whereSeparator: \.isWhitespace) {
                guard let word = SpokenWord(raw) else { continue }
                if let named = label(word, after: words, startsLine: role == nil) {
                    if !words.isEmpty, isNote(words) { words = [] }
                    finish()
                    role = named
                    roles.insert(named)
                } else {
                    words.append(word)
                }
            }
            finish()
        }
        guard !roles.isEmpty else { return nil }
        let namesAnAgent = !roles.isDisjoint(with: agents)
        for index in turns.indices {
            guard let role = turns[index].label else { continue }
            turns[index].label = nil
            if role == "caller", direction == .outbound, !namesAnAgent {
                turns[index].speaker = .agent
            } else {
                turns[index].speaker = agents.contains(role) ? .agent : .customer
            }
        }
        return turns
    }

    /// The role that the word `Agent:` or, before a note, `Agent` of `Agent (Jenny):` names.
    private static func label(_ word: SpokenWord, after words: [SpokenWord], startsLine: Bool) -> String? {
        guard [":", ":**", "]"].contains(where: { word.raw.hasSuffix($0) }) else { return nil }
        if word.startsUpper || (startsLine && words.isEmpty),
            agents.contains(word.lower) || customers.contains(word.lower)
        {
            return word.raw.hasSuffix("]") && !word.raw.hasPrefix("[") ? nil : word.lower
        }
        // `Agent (Jenny):`, `Agent [00:12]:`
        guard word.raw.hasSuffix("):") || word.raw.hasSuffix("]:"), "([".contains(word.raw.first ?? " "),
            let before = words.last, words.count == 1
        else {
            return nil
        }
        return agents.contains(before.lower) || customers.contains(before.lower) ? before.lower : nil
    }

    private static func isNote(_ words: [SpokenWord]) -> Bool {
        words.count == 1 && (agents.contains(words[0].lower) || customers.contains(words[0].lower))
    }
}

/// Labels that only tell speakers apart: `Speaker 1:`, `SPEAKER_00:`, `Jenny:`.
enum SpeakerLabel {
    static func turns(of lines: [Substring], direction: CallDirection?) -> [SpokenTurn]? {
        let parts = lines.map(split)
        let labels = parts.compactMap(\.label)
        guard labels.count >= 2, labels.count * 5 >= lines.count * 3, Set(labels).count <= 6 else { return nil }
        var turns: [SpokenTurn] = []
        for part in parts {
            if let label = part.label {
                turns.append(SpokenTurn(part.text, label: label))
            } else if let last = turns.last {
                turns[turns.count - 1] = SpokenTurn(
                    last.words + SpokenTurn(part.text).words, speaker: .unknown, label: last.label)
            }
        }
        let agent = turns.prefix(6).first { isAgent($0, direction: direction) }?.label
        for index in turns.indices {
            let label = turns[index].label ?? ""
            if let agent { turns[index].speaker = label == agent ? .agent : .customer }
            if isGeneric(label) || turns[index].speaker != .customer { turns[index].label = nil }
        }
        return turns
    }

    private static func isAgent(_ turn: SpokenTurn, direction: CallDirection?) -> Bool {
        let words = turn.lowered()
        if (CallSpeech.greetings + CallSpeech.offers).contains(where: { words.contains(" \($0)") }) { return true }
        guard direction == .outbound else { return false }
        return [" from ", " with ", " calling about ", " on behalf of "].contains { words.contains($0) }
            && [" this is ", " my name is ", " i'm calling "].contains { words.contains($0) }
    }

    private static func isGeneric(_ label: String) -> Bool {
        label.contains(where: \.isNumber) || ["speaker", "channel", "unknown"].contains(label.lowercased())
    }

    private static func split(_ line: Substring) -> (label: String?, text: Substring) {
        guard let colon = line.firstIndex(of: ":"), line.distance(from: line.startIndex, to: colon) <= 40 else {
            return (nil, line)
        }
        let after = line.index(after: colon)
        guard after < line.endIndex, line[after].isWhitespace else { return (nil, line) }
        let label = line[..<colon]
        let words = label.split(separator: " ")
        guard (1...3).contains(words.count), label.first?.isUppercase == true,
            label.allSatisfy({ $0.isLetter || $0.isNumber || " _-.'".contains($0) })
        else { return (nil, line) }
        return (String(label), line[after...])
    }
}
