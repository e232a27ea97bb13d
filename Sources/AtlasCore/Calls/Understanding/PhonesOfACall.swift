/// The phone numbers that are said in a call, and which of them the customer is reached at.
struct PhonesOfACall {
    /// The number that the customer gives for themselves.
    private(set) var ofCustomer: PhoneNumber?
    /// Further numbers that were said, the business's own aside.
    private(set) var others: [PhoneNumber] = []

    init(_ speech: CallSpeech, call: CallFacts, region: String) {
        let business = call.ownNumber.flatMap { PhoneNumber.normalize($0, region: region) }
        let caller = call.otherNumber.flatMap { PhoneNumber.normalize($0, region: region) }
        var best: PhoneMention?
        var asked = false
        for turn in speech.turns {
            if turn.speaker != .agent {
                for mention in PhoneMention.all(in: turn, asked: asked, region: region) where mention.number != business
                {
                    if !others.contains(mention.number), mention.number != caller { others.append(mention.number) }
                    var mention = mention
                    // Without labels, the voice of an outbound call that says "call me back at" is likely the business's.
                    if speech.isOutbound, turn.speaker == .unknown, !(asked && mention.owner >= .likely) {
                        mention.owner = .other
                    }
                    guard mention.owner > .other else { continue }
                    // A number that nothing introduces counts only where there is no better one to call back.
                    if mention.owner == .unclear, caller != nil { continue }
                    if best == nil || mention.owner > best!.owner || (mention.corrects && mention.owner >= .likely) {
                        best = mention
                    }
                }
            }
            let last = turn.sentences.suffix(2).map { turn.lowered($0) }.joined()
            asked =
                turn.words.last?.isQuestion == true
                && PhoneMention.questions.contains { last.contains(" \($0)") }
        }
        ofCustomer = best?.number
        others.removeAll { $0 == ofCustomer }
    }
}

extension CallFacts {
    /// The number of whoever is not the business; nil when it is not known.
    var otherNumber: String? { direction == .outbound ? toNumber : fromNumber }
    /// The number of the business; nil when it is not known which one that is.
    var ownNumber: String? {
        switch direction {
        case .inbound: toNumber
        case .outbound: fromNumber
        case nil: nil
        }
    }
}
