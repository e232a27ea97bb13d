/// An e-mail address that somebody says in a call: `ann@example.com`, `ann dot lee at example dot com`.
struct EmailMention: Sendable, Equatable {
    var email: EmailAddress
    /// `our e-mail is`, `write to us at`
    var isOurs: Bool
    /// `my email is`
    var isIntroduced: Bool

    static func all(in turn: SpokenTurn) -> [EmailMention] {
        var mentions: [EmailMention] = []
        for index in turn.words.indices {
            guard let (text, start) = written(turn, index) ?? spoken(turn, index), let email = EmailAddress(text) else {
                continue
            }
            let before = turn.lowered(max(0, start - 8)..<start)
            mentions.append(
                EmailMention(
                    email: email,
                    isOurs: [" our email", " our e-mail", " us at ", " email us ", " write to us "].contains {
                        before.contains($0)
                    },
                    isIntroduced: introductions.contains { before.contains($0) }))
        }
        return mentions
    }

    private static let introductions = [" my email", " my e-mail", " email is ", " address is ", " email me at "]

    private static func written(_ turn: SpokenTurn, _ index: Int) -> (String, Int)? {
        let word = turn.words[index]
        guard word.core.contains("@"), word.core.count <= 254 else { return nil }
        return (word.lower, index)
    }

    // MARK: - Spoken

    private static let joints = [
        "dot": ".", "period": ".", "point": ".", "underscore": "_", "dash": "-", "hyphen": "-", "minus": "-",
        "plus": "+",
    ]

    /// The address whose "at" is the word at `index`.
    private static func spoken(_ turn: SpokenTurn, _ index: Int) -> (String, Int)? {
        var after = index + 1
        guard turn.words[index].lower == "at" else { return nil }
        if after < turn.words.count, turn.words[after].lower == "sign" { after += 1 }
        guard index > 0, let domain = domain(turn, after), let (local, start) = local(turn, index) else { return nil }
        return (local + "@" + domain, start)
    }

    /// What follows "at": `example dot com`, `my company dot co dot uk`, `example.com`.
    private static func domain(_ turn: SpokenTurn, _ first: Int) -> String? {
        var domain = ""
        var index = first
        var wordsInLabel = 0
        var isComplete = false
        while index < turn.words.count, index < first + 14 {
            let word = turn.words[index]
            if let joint = joints[word.lower], joint == "." || joint == "-", !domain.isEmpty {
                if joint == ".", index + 1 < turn.words.count, !turn.words[index + 1].core.allSatisfy(\.isLetter) {
                    break
                }
                domain += joint
                wordsInLabel = 0
                isComplete = false
            } else {
                let text = pieces(word)
                guard !text.isEmpty, text.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "." || $0 == "-" }) else {
                    break
                }
                // After "dot com" the address has ended; before it a name may be several words or letters.
                guard !isComplete, wordsInLabel == 0 || !domain.contains(".") else { break }
                domain += text
                wordsInLabel += 1
                if domain.contains("."), let last = domain.split(separator: ".").last, last.count >= 2,
                    last.allSatisfy(\.isLetter)
                {
                    isComplete = true
                }
                guard wordsInLabel <= 12 else { return nil }
                if word.endsClause, !isComplete { return nil }
            }
            if isComplete, index + 1 < turn.words.count, joints[turn.words[index + 1].lower] != "." { break }
            index += 1
        }
        return isComplete ? domain : nil
    }

    /// What stands before "at": back to where joints end, or to "my email is".
    private static func local(_ turn: SpokenTurn, _ at: Int) -> (String, Int)? {
        var parts: [String] = []
        var start = at
        var needsJoint = false
        while start > 0, at - start < 40 {
            let word = turn.words[start - 1]
            if word.endsClause, !parts.isEmpty, !(isLetter(word) && isLetter(turn.words[start])) { break }
            if let joint = joints[word.lower], !parts.isEmpty, needsJoint {
                parts.append(joint)
                needsJoint = false
            } else {
                let text = pieces(word)
                guard isLocal(text) else { break }
                if needsJoint {
                    // Letters and digits one after the other are spelt; words are one name only when it was announced.
                    let spelt = text.count == 1 && start < turn.words.count && pieces(turn.words[start]).count == 1
                    let digits = turn.words[start].core.allSatisfy(\.isNumber) && start < at
                    let isAnnounced = isAnnounced(turn, upTo: start - 1)
                    guard spelt || digits || isAnnounced, !stops.contains(word.lower) else { break }
                    if announces(turn, at: start - 1) { break }
                }
                parts.append(text)
                needsJoint = true
            }
            start -= 1
        }
        guard needsJoint else { return nil }
        let local = parts.reversed().joined()
        guard at - start > 1 || !stops.contains(local) else { return nil }
        return (local, start)
    }

    /// Whether `my email is` stands within four words before `index`, without the end of a sentence between.
    private static func isAnnounced(_ turn: SpokenTurn, upTo index: Int) -> Bool {
        for start in stride(from: index, through: max(0, index - 4), by: -1) {
            guard turn.words[start].sentence == turn.words[index].sentence else { return false }
            if announces(turn, at: start) { return true }
        }
        return false
    }

    private static func announces(_ turn: SpokenTurn, at index: Int) -> Bool {
        let word = turn.words[index].lower
        guard ["is", "it's", "that's", "address", "email", "e-mail", "to"].contains(word) else { return false }
        return turn.lowered(max(0, index - 4)..<index + 1).contains("mail") || word == "it's" || word == "that's"
    }

    private static func isLetter(_ word: SpokenWord) -> Bool { word.core.count == 1 }

    /// The word as it is spelt in an address: `A-N-N` is `ann`, `forty-two` is `42`.
    private static func pieces(_ word: SpokenWord) -> String {
        let parts = word.lower.split(separator: "-")
        if parts.count > 1, parts.allSatisfy({ $0.count == 1 }) { return parts.joined() }
        if word.lower != "o", word.lower != "oh", let said = SpokenNumber.digits(of: word.lower, before: nil) {
            return said.digits
        }
        return word.lower
    }

    private static func isLocal(_ text: String) -> Bool {
        !text.isEmpty && text.count <= 64
            && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "._-+".contains($0)) }
    }

    private static let stops: Set<String> = [
        "me", "us", "is", "it", "you", "him", "her", "them", "email", "mail", "address", "back", "and", "the", "out",
        "here",
        "there", "my", "or", "online", "to", "call", "text", "that", "so", "am", "are", "at", "look", "website", "live",
    ]
}
