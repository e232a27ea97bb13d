import JSON

/// What can be understood of a call without a model: a pure function of its words.
///
/// It knows English as it is spoken with a small service business, and rather says nothing than something wrong: a phone number
/// or an e-mail address becomes somebody's identity.
public struct PlainExtractor: Sendable {
    /// Where a number without country code is dialled: ISO 3166-1 alpha-2.
    let region: String

    /// What follows after so many characters, some three hours of talk, is not read.
    private static let longest = 200_000

    public init(region: String) { self.region = region }

    public func extract(_ transcript: String, of call: CallFacts) -> UnderstoodCall {
        let speech = CallSpeech(transcript.cutShort(at: Self.longest), direction: call.direction)
        let intent = CallIntent(speech)
        let turns = speech.customerTurns
        let said = turns.map { $0.lowered() }.joined()
        var extracted = ExtractedCall(intent: intent?.rawValue)
        let phones = PhonesOfACall(speech, call: call, region: region)
        if intent != .spam, intent != .wrongNumber {
            extracted.servicesMentioned = services(in: said)
            extracted.frequency = CallVocabulary.frequencies.first { CallVocabulary.has($0.words, in: said) }?.name
            extracted.urgency = urgency(said)
            extracted.customerName = StatedName(speech).find().map { String($0.prefix(128)) }
            extracted.customerPhone = phones.ofCustomer?.e164
            extracted.customerEmail = email(speech)?.text
            extracted.address = StatedAddress.find(in: turns)
            let wanted = WantedTime(turns)
            extracted.preferredDate = wanted.date
            extracted.preferredTime = wanted.time
            if !phones.others.isEmpty {
                extracted.notes = "Also said: " + phones.others.prefix(5).map(\.e164).joined(separator: ", ") + "."
            }
        }
        extracted.followUpNeeded = followUp(intent, said)
        return UnderstoodCall(
            extracted: extracted, summary: summary(extracted, intent, speech),
            proposedActions: actions(extracted, intent),
            warnings: [])
    }

    private func services(in said: String) -> [String] {
        var text = said
        var found: [(place: Int, name: String)] = []
        for service in CallVocabulary.services {
            for words in service.words {
                guard text.contains(" \(words) "), let end = text.range(ofLast: " \(words) ") else { continue }
                if !found.contains(where: { $0.name == service.name }) { found.append((end, service.name)) }
                // A longer name is not found again as the shorter one in it.
                text = text.replacing(" \(words) ", with: " \(String(repeating: "_", count: words.utf8.count)) ")
            }
        }
        return found.sorted { $0.place < $1.place }.prefix(12).map(\.name)
    }

    private func urgency(_ said: String) -> String? {
        let text = CallVocabulary.notEmergencies.reduce(said) { $0.replacing(" \($1) ", with: " ") }
        if CallVocabulary.has(CallVocabulary.emergencies, in: text) { return "emergency" }
        if CallVocabulary.has(CallVocabulary.urgent, in: text) { return "high" }
        return CallVocabulary.has(CallVocabulary.patient, in: said) ? "low" : nil
    }

    private func email(_ speech: CallSpeech) -> EmailAddress? {
        var best: EmailMention?
        for turn in speech.turns where turn.speaker != .agent {
            for mention in EmailMention.all(in: turn) where !mention.isOurs {
                if best == nil || (mention.isIntroduced && best?.isIntroduced == false) { best = mention }
            }
        }
        return best?.email
    }

    private func followUp(_ intent: CallIntent?, _ said: String) -> Bool? {
        switch intent {
        case .spam, .wrongNumber, .personalCall: return false
        case .estimateRequest, .complaint: return true
        default: return CallVocabulary.has(CallVocabulary.callbacks, in: said) ? true : nil
        }
    }

    // MARK: - In a sentence

    private func summary(_ call: ExtractedCall, _ intent: CallIntent?, _ speech: CallSpeech) -> String {
        guard let intent else { return "Nothing was said." }
        if intent == .spam { return "A call to sell or to deceive." }
        if intent == .wrongNumber { return "Somebody had the wrong number." }
        var sentence = call.customerName ?? (speech.isOutbound ? "The person who was called" : "The caller")
        sentence += " " + intent.asDone
        if !call.servicesMentioned.isEmpty { sentence += ": " + call.servicesMentioned.joined(separator: ", ") }
        let time = [call.preferredDate, call.preferredTime].compactMap(\.self).joined(separator: ", ")
        if !time.isEmpty { sentence += " (\(time))" }
        if let address = call.address { sentence += ", at \(address)" }
        sentence += "."
        if call.urgency == "emergency" { sentence += " It is an emergency." }
        return String(sentence.unicodeScalars.prefix(2000))
    }

    private func actions(_ call: ExtractedCall, _ intent: CallIntent?) -> [JSON] {
        var actions: [JSON] = []
        if let action = intent?.action {
            actions.append(
                ["type": .string(action.type), "label": .string(action.label), "reason": "The caller asked for it."])
        }
        if call.followUpNeeded == true, actions.first?["type"]?.text != "call_back" {
            actions.append([
                "type": "call_back", "label": "Call back", "reason": "The caller waits to hear from the business.",
            ])
        }
        return actions
    }
}

/// What was understood of a call, and what is to be said about how.
public struct UnderstoodCall: Sendable, Equatable {
    public var extracted: ExtractedCall
    public var summary: String?
    /// Objects of `type`, `label`, `reason`.
    public var proposedActions: [JSON]
    /// Sentences for whoever asked: what was dropped, and why.
    public var warnings: [String]

    public init(
        extracted: ExtractedCall, summary: String? = nil, proposedActions: [JSON] = [], warnings: [String] = []
    ) {
        self.extracted = extracted
        self.summary = summary
        self.proposedActions = proposedActions
        self.warnings = warnings
    }
}
