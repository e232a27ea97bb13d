/// Holds what a model says against the words of the call.
///
/// A phone number or an address that nobody said would tie the call to a stranger, so they are kept only when they are in the
/// transcript, written or spoken, or, for a phone, are the number of the other party.
struct Grounding {
    private let call: CallFacts
    private let region: String
    private let runs: [String]
    private let turns: [SpokenTurn]

    init(_ transcript: String, of call: CallFacts, region: String) {
        self.call = call
        self.region = region
        turns = CallSpeech(transcript, direction: call.direction).turns
        runs = turns.flatMap { SpokenDigits.runs(in: $0).map(\.digits) }
    }

    /// The call without what it does not say, and a sentence for each thing that was dropped.
    func checked(_ extracted: ExtractedCall) -> (call: ExtractedCall, warnings: [String]) {
        var checked = extracted
        var warnings: [String] = []
        if let phone = extracted.customerPhone, !isSaid(phone: phone) {
            checked.customerPhone = nil
            warnings.append(
                "The model gave a phone number for the customer that is not said in the call; it was left out.")
        }
        if let email = extracted.customerEmail, !isSaid(email: email) {
            checked.customerEmail = nil
            warnings.append(
                "The model gave an e-mail address for the customer that is not said in the call; it was left out.")
        }
        return (checked, warnings)
    }

    func isSaid(phone: String) -> Bool {
        let number = PhoneNumber.normalize(phone, region: region)
        if let number {
            if let own = call.ownNumber, PhoneNumber.normalize(own, region: region) == number { return false }
            let parties = call.direction == nil ? [call.fromNumber, call.toNumber] : [call.otherNumber]
            if parties.contains(where: { $0.flatMap { PhoneNumber.normalize($0, region: region) } == number }) {
                return true
            }
        }
        let digits =
            number.map { Array($0.digits.utf8) } ?? phone.compactMap(\.wholeNumberValue).map { UInt8($0 + 0x30) }
        guard digits.count >= 7 else { return false }
        return runs.contains { Self.run(Array($0.utf8), holdsTheEndOf: digits) }
    }

    /// Whether the last seven digits are in the run, and those before them agree as far as there are any, up to ten.
    private static func run(_ run: [UInt8], holdsTheEndOf digits: [UInt8]) -> Bool {
        let tail = digits.suffix(7)
        guard run.count >= 7 else { return false }
        let more = digits.dropLast(7).suffix(3).reversed()
        return (0...run.count - 7).contains { start in
            run[start..<start + 7].elementsEqual(tail) && zip(more, run[..<start].reversed()).allSatisfy(==)
        }
    }

    func isSaid(email text: String) -> Bool {
        guard let email = EmailAddress(text) else { return false }
        var isOurs = false
        for turn in turns {
            for mention in EmailMention.all(in: turn) where mention.email == email {
                if !mention.isOurs { return true }
                isOurs = true
            }
        }
        return !isOurs && turns.contains { EmailSpelling($0).spells(email.text) }
    }
}
