/// A phone number that somebody says in a call, and whose it seems to be.
struct PhoneMention: Sendable, Equatable {
    enum Owner: Int, Sendable, Comparable {
        /// Of the business or of somebody else.
        case other
        case unclear
        /// The customer answers the question for it, or says nothing else.
        case likely
        /// `call me back at`, `my number is`
        case customer

        static func < (a: Owner, b: Owner) -> Bool { a.rawValue < b.rawValue }
    }

    var number: PhoneNumber
    var owner: Owner
    /// `sorry, I mean` stands before it.
    var corrects: Bool

    /// The complete numbers in a turn.
    ///
    /// - Parameter asked: whether the turn before asks for a number.
    static func all(in turn: SpokenTurn, asked: Bool, region: String) -> [PhoneMention] {
        var mentions: [PhoneMention] = []
        var previousEnd = 0
        for run in SpokenDigits.runs(in: turn) {
            let start = run.words.lowerBound
            let own = turn.sentences[turn.words[start].sentence]
            var first = own.lowerBound
            var asked = asked && start <= 8
            if turn.words[start].sentence > 0 {
                let last = turn.sentences[turn.words[start].sentence - 1]
                if turn.words[last.upperBound - 1].isQuestion {
                    asked = asked || questions.contains { turn.lowered(last).contains(" \($0)") }
                } else if start - first < 3 {
                    first = last.lowerBound
                }
            }
            let before = turn.lowered(min(start, max(previousEnd, first, start - 12))..<start)
            for found in numbers(in: run, region: region, beginsWithOh: turn.words[start].lower == "oh") {
                let isAlone = run.words.lowerBound <= 4 && run.words.upperBound >= turn.words.count - 3
                let owner = owner(
                    before: before,
                    after: turn.lowered(run.words.upperBound..<min(turn.words.count, run.words.upperBound + 5)),
                    asked: asked, isAlone: isAlone)
                let corrects = [
                    " sorry ", " actually ", " i mean ", " correction ", " no wait ", " make that ", " instead ",
                ]
                .contains { before.contains($0) }
                mentions.append(PhoneMention(number: found, owner: owner, corrects: corrects))
            }
            previousEnd = run.words.upperBound
        }
        return mentions
    }

    /// The numbers that a run of digits holds: as many parts together as make one, from left to right.
    ///
    /// - Parameter beginsWithOh: whether the first digit is the word, which may be no digit at all: "Oh, two one seven …".
    static func numbers(in run: SpokenDigits, region: String, beginsWithOh: Bool = false) -> [PhoneNumber] {
        var found: [PhoneNumber] = []
        var first = 0
        while first < run.parts.count {
            var taken = 0
            for last in stride(from: run.parts.count - 1, through: first, by: -1) {
                let digits = run.parts[first...last].map(\.digits).joined()
                let isOh = beginsWithOh && first == 0
                if let number = number(digits, hasPlus: run.hasPlus && first == 0, region: region, beginsWithOh: isOh) {
                    found.append(number)
                    taken = last - first + 1
                    break
                }
            }
            first += max(taken, 1)
        }
        return found
    }

    private static func number(
        _ digits: String, hasPlus: Bool, region: String, beginsWithOh: Bool
    ) -> PhoneNumber? {
        guard (9...18).contains(digits.count) || (hasPlus && digits.count >= 8) else {
            // Said twice in one breath.
            let half = digits.prefix(digits.count / 2)
            guard digits.count == 20 || digits.count == 22, digits.hasSuffix(half) else { return nil }
            return number(String(half), hasPlus: hasPlus, region: region, beginsWithOh: beginsWithOh)
        }
        if hasPlus, let number = PhoneNumber.normalize("+" + digits, region: region) { return number }
        if let number = PhoneNumber.normalize(digits, region: region) { return number }
        // A zero that is written is one: 020 7946 0123 is nobody's number in Maine.
        return beginsWithOh && digits.first == "0" && digits.count == 11
            ? PhoneNumber.normalize(String(digits.dropFirst()), region: region) : nil
    }

    static let questions = [
        "number", "reach you", "call you back", "call you at", "contact you", "phone",
    ]

    private static func owner(before: String, after: String, asked: Bool, isAlone: Bool) -> Owner {
        // What stands nearest before the number decides.
        func nearest(_ phrases: [String]) -> Int {
            phrases.compactMap { phrase in before.range(ofLast: " \(phrase) ") }.max() ?? -1
        }
        let (own, others) = (nearest(customers), nearest(others))
        if others > own || after.hasPrefix(" is your ") { return .other }
        if own >= 0 { return .customer }
        if asked || isAlone { return .likely }
        return nearest(generic) >= 0 ? .likely : .unclear
    }

    private static let customers = [
        "my number is", "my number's", "my phone number is", "my phone is", "my cell is", "my cell number is",
        "my mobile is", "my mobile number is", "my cell phone is", "my cell phone number is", "my new number is",
        "my home number is", "my work number is", "my direct number is", "my direct line is", "my line is",
        "my callback number is", "my call back number is", "my best number is", "my contact number is",
        "my telephone number is", "my number here is", "my office number is", "number for me is",
        "call me back at", "call me back on", "call me at", "call me on", "call back at", "call me back", "reach me at",
        "reach me on", "reach me back at", "text me at", "text me on", "contact me at", "phone me on", "phone me at",
        "ring me on", "ring me back on", "get me at", "get a hold of me at", "get ahold of me at", "best number is",
        "best number to reach me is", "best number for me is", "best number to call is", "callback number is",
        "call back number is", "cell is", "my cell", "my number", "my mobile", "my phone number", "get back to me at",
        "get back to me on", "use this number", "change my number to", "update my number to", "number to",
        "mi número es", "mi numero es", "mi teléfono es", "mi telefono es", "calling from", "calling you from",
        "try me at", "try me on", "mine is", "i'm at", "i'm on", "call us back at",
    ]

    private static let others = [
        "our number is", "our number", "our office number is", "our phone number is", "reach us at", "call us at",
        "call us on", "text us at", "our line is", "your number is", "your number", "your phone number",
        "call him at", "call her at", "call them at", "call him on", "call her on", "call them on", "reach him at",
        "reach her at", "reach them at", "his number is", "her number is", "their number is", "his number",
        "her number",
        "their number", "his cell is", "her cell is", "husband's number is", "wife's number is", "husband's cell is",
        "wife's cell is", "mother's number is", "neighbor's number is", "landlord's number is", "son's number is",
        "daughter's number is", "husband's number", "wife's number", "old number", "old number was", "number was",
        "tried to call", "try to call", "told me to call", "supposed to call", "call from", "called from", "calls from",
        "text from", "missed call from", "instead of", "not", "from",
        "you at",
        "account number", "account number is", "account", "invoice", "invoice number", "invoice number is",
        "order number",
        "order number is", "order", "policy number", "policy number is", "card", "card number", "card number is",
        "card is", "confirmation number", "confirmation number is", "reference number", "reference number is",
        "tracking number", "tracking number is", "routing number", "routing number is", "license number is",
        "serial number is", "serial number", "case number", "case number is", "ticket number", "ticket number is",
        "social security number is", "claim number", "claim number is", "instead of calling",
    ]

    private static let generic = [
        "number is", "number's", "phone is", "call", "text", "the number", "a number", "it's", "it is", "at", "on",
        "phone number",
    ]
}

extension String {
    /// Where the last occurrence of `phrase` ends, in octets.
    func range(ofLast phrase: String) -> Int? {
        let (text, sought) = (Array(utf8), Array(phrase.utf8))
        guard !sought.isEmpty, text.count >= sought.count else { return nil }
        for start in stride(from: text.count - sought.count, through: 0, by: -1)
        where text[start..<start + sought.count].elementsEqual(sought) {
            return start + sought.count
        }
        return nil
    }
}
