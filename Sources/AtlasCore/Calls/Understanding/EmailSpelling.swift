/// The words of a turn as they are spelt in an address: `dot` is a full stop, `A-N-N` is `ann`, `forty two` is `42`.
struct EmailSpelling {
    private let turn: SpokenTurn
    /// One for each word; blank for a word that the one before took.
    private let pieces: [String]

    init(_ turn: SpokenTurn) {
        self.turn = turn
        var pieces: [String] = []
        for (index, word) in turn.words.enumerated() {
            if pieces.count > index { continue }
            let letters = word.lower.split(separator: "-")
            let next = index + 1 < turn.words.count ? turn.words[index + 1].lower : nil
            if let joint = Self.joints[word.lower] {
                pieces.append(joint)
            } else if word.lower == "at", next == "sign" {
                pieces += ["at", ""]
            } else if letters.count > 1, letters.allSatisfy({ $0.count == 1 }) {
                pieces.append(letters.joined())
            } else if word.lower != "o", word.lower != "oh",
                let said = SpokenNumber.digits(of: word.lower, before: word.endsClause ? nil : next)
            {
                pieces += said.usesNext ? [said.digits, ""] : [said.digits]
            } else {
                pieces.append(word.lower)
            }
        }
        self.pieces = pieces
    }

    private static let joints = [
        "dot": ".", "period": ".", "point": ".", "underscore": "_", "dash": "-", "hyphen": "-", "minus": "-",
        "plus": "+",
    ]
    private static let symbols: Set<String> = [".", "_", "-", "+"]

    /// The address whose "at" is the word at `index`, and where it begins.
    func address(at index: Int) -> (String, Int)? {
        guard pieces[index] == "at", index > 0, let domain = domain(after: index),
            let (local, start) = local(before: index)
        else { return nil }
        return (local + "@" + domain, start)
    }

    /// Whether words one after the other, from the beginning of one, spell the address.
    func spells(_ email: String) -> Bool {
        pieces.indices.contains { start in
            let (first, before) = (pieces[start], start > 0 ? pieces[start - 1] : " ")
            // In the middle of an address or a spelling nothing begins.
            guard !first.isEmpty, !Self.symbols.contains(before), before != "at", before.count != 1 || first.count != 1
            else { return false }
            var rest = Substring(email)
            for piece in pieces[start...] {
                let piece = piece == "at" && rest.hasPrefix("@") ? "@" : piece
                guard rest.hasPrefix(piece) else { return false }
                rest = rest.dropFirst(piece.count)
                if rest.isEmpty { return true }
            }
            return false
        }
    }

    // MARK: - After "at"

    /// `example dot com`, `my company dot co dot uk`, `example.com`
    private func domain(after at: Int) -> String? {
        var domain = ""
        var wordsInLabel = 0
        var isComplete = false
        for index in (at + 1)..<min(pieces.count, at + 15) {
            let piece = pieces[index]
            if piece.isEmpty { continue }
            if piece == "." || piece == "-", !domain.isEmpty {
                domain += piece
                wordsInLabel = 0
                isComplete = false
            } else {
                // Before the first "dot" a name may be several words or letters, after it one word.
                guard piece.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "." || $0 == "-" }),
                    wordsInLabel == 0 || !domain.contains(".")
                else { break }
                domain += piece
                wordsInLabel += 1
                let top = domain.split(separator: ".").last ?? ""
                isComplete = domain.contains(".") && top.count >= 2 && top.allSatisfy(\.isLetter)
                if turn.words[index].endsClause, !isComplete { return nil }
            }
            let next = index + 1 < pieces.count ? pieces[index + 1] : ""
            let goesOn = next == "." && index + 2 < pieces.count && pieces[index + 2].allSatisfy(\.isLetter)
            if isComplete, !goesOn || turn.words[index].endsClause { break }
        }
        return isComplete ? domain : nil
    }

    // MARK: - Before "at"

    /// Back to where joints end, or to "my email is".
    private func local(before at: Int) -> (String, Int)? {
        var parts: [String] = []
        var start = at
        var needsJoint = false
        while start > 0, at - start < 40 {
            let (word, piece) = (turn.words[start - 1], pieces[start - 1])
            if word.endsClause, !parts.isEmpty, piece.count != 1 || pieces[start].count != 1 { break }
            if Self.symbols.contains(piece), needsJoint {
                parts.append(piece)
                needsJoint = false
            } else if !piece.isEmpty {
                guard isLocal(piece) else { break }
                if needsJoint {
                    guard !Self.stops.contains(word.lower), !announces(start - 1) else { break }
                    // Letters and digits one after the other are spelt; words are one name only when it was announced.
                    let isSpelt = piece.count == 1 && pieces[start].count == 1
                    let isNumbered = !pieces[start].isEmpty && pieces[start].allSatisfy(\.isNumber)
                    guard isSpelt || isNumbered || isAnnounced(start - 1) else { break }
                }
                parts.append(piece)
                needsJoint = true
            }
            start -= 1
        }
        let local = parts.reversed().joined()
        guard needsJoint, parts.count > 1 || !Self.stops.contains(local) else { return nil }
        return (local, start)
    }

    /// Whether `my email is` stands within four words before `index`, in the same sentence.
    private func isAnnounced(_ index: Int) -> Bool {
        stride(from: index, through: max(0, index - 4), by: -1)
            .prefix { turn.words[$0].sentence == turn.words[index].sentence }.contains(where: announces)
    }

    private func announces(_ index: Int) -> Bool {
        let word = turn.words[index].lower
        if word == "it's" || word == "that's" { return true }
        return ["is", "address", "email", "e-mail", "to"].contains(word)
            && turn.lowered(max(0, index - 4)..<index + 1).contains("mail")
    }

    private func isLocal(_ text: String) -> Bool {
        text.count <= 64 && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "._-+".contains($0)) }
    }

    private static let stops: Set<String> = [
        "me", "us", "is", "it", "you", "him", "her", "them", "email", "mail", "address", "back", "and", "the", "out",
        "here", "there", "my", "or", "online", "to", "call", "text", "that", "so", "am", "are", "at", "look", "website",
        "live",
    ]
}
