/// Why somebody called, by the words they use.
enum CallIntent: String, CaseIterable, Sendable {
    case estimateRequest = "estimate_request"
    case booking, reschedule, cancellation, complaint, billing, question
    case followUp = "follow_up"
    case spam
    case wrongNumber = "wrong_number"
    case personalCall = "personal_call"
    case other

    /// Nil when nothing is said.
    init?(_ speech: CallSpeech) {
        guard speech.turns.contains(where: { !$0.words.isEmpty }) else { return nil }
        let all = " " + speech.turns.map { $0.lowered() }.joined()
        let customer = " " + speech.customerTurns.map { $0.lowered() }.joined()
        typealias Words = CallVocabulary
        func says(_ phrases: [String], but not: [String] = []) -> Bool {
            var text = customer
            for phrase in not { text = text.replacing(" \(phrase) ", with: " ") }
            return Words.has(phrases, in: text)
        }
        let wrong = Words.notWrongNumber.reduce(all) { $0.replacing(" \($1) ", with: " ") }
        let onlySays = speech.customerTurns.contains { turn in
            turn.sentences.contains { ["wrong number", "sorry wrong number"].contains(turn.lowered($0).trimmed) }
        }
        if Words.has(Words.wrongNumber, in: wrong) || onlySays {
            self = .wrongNumber
        } else if Words.has(Words.spam, in: all) {
            self = .spam
        } else if says(Words.reschedule) {
            self = .reschedule
        } else if says(Words.cancellation, but: Words.notCancellation) {
            self = .cancellation
        } else if says(Words.complaint, but: ["paid the manager"]) {
            self = says(["overcharged", "charged twice", "double charged"]) ? .billing : .complaint
        } else if says(Words.estimate) {
            self = .estimateRequest
        } else if says(Words.billing) {
            self = .billing
        } else if says(["book", "schedule", "make an appointment", "set up an appointment"]) {
            self = .booking
        } else if says(Words.price) {
            self = .estimateRequest
        } else if Words.has(Words.followUp, in: speech.isOutbound ? all : customer) {
            self = .followUp
        } else if says(Words.booking, but: Words.notBooking)
            || Words.emergencies.contains(where: { customer.contains(" \($0) ") })
        {
            self = .booking
        } else if says(Words.personal) {
            self = .personalCall
        } else {
            self = says(Words.question) ? .question : .other
        }
    }

    /// What the sentence "Ann Lee …" goes on with.
    var asDone: String {
        switch self {
        case .estimateRequest: "asked for an estimate"
        case .booking: "wants to book"
        case .reschedule: "wants to move an appointment"
        case .cancellation: "wants to cancel"
        case .complaint: "complained"
        case .billing: "called about a bill"
        case .question: "had a question"
        case .followUp: "was spoken to as a follow-up"
        case .personalCall: "made a personal call"
        case .other, .spam, .wrongNumber: "called"
        }
    }

    /// What there is to do about it.
    var action: (type: String, label: String)? {
        switch self {
        case .estimateRequest: ("send_estimate", "Send an estimate")
        case .booking: ("book_appointment", "Book the appointment")
        case .reschedule: ("reschedule_appointment", "Move the appointment")
        case .cancellation: ("cancel_appointment", "Cancel the appointment")
        case .complaint: ("call_back", "Call back about the complaint")
        case .billing: ("review_invoice", "Look at the bill")
        case .question, .followUp, .other, .spam, .wrongNumber, .personalCall: nil
        }
    }
}
