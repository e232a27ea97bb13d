import JSON

extension ExtractedCall {
    /// The names of its members on the wire, in their order.
    static let names = [
        "customer_name", "customer_phone", "customer_email", "intent", "services_mentioned", "address",
        "preferred_date",
        "preferred_time", "frequency", "urgency", "follow_up_needed", "notes",
    ]

    /// Reads `extracted_data` from whoever wrote it: a model, an agent, a reference server. Values of another type are put right
    /// where that is plain, and dropped where it is not; texts are cleaned and cut; other members are ignored.
    public init(reading object: JSON.Object) {
        let fields = FieldReader(object)
        self.init(
            customerName: fields.text("customer_name", longest: 256),
            customerPhone: fields.text("customer_phone", longest: 64),
            customerEmail: fields.text("customer_email", longest: 256),
            intent: fields.text("intent", longest: 128).flatMap(Self.intent),
            servicesMentioned: fields.list("services_mentioned", most: 20, longest: 100),
            address: fields.text("address", longest: 500), preferredDate: fields.text("preferred_date", longest: 128),
            preferredTime: fields.text("preferred_time", longest: 128),
            frequency: fields.text("frequency", longest: 64), urgency: fields.text("urgency", longest: 64),
            followUpNeeded: fields.flag("follow_up_needed"),
            notes: fields.text("notes", longest: 2000, keepsLines: true))
        if let name = customerName, !PersonalName.accepts(name) { customerName = nil }
    }

    /// The same with its texts cleaned and cut, and the intent in lower snake case.
    public var tidied: ExtractedCall { ExtractedCall(reading: json) }

    /// As it is stored: every member, null for what is missing.
    var json: JSON.Object {
        func text(_ value: String?) -> JSON { value.map(JSON.string) ?? .null }
        return [
            "customer_name": text(customerName), "customer_phone": text(customerPhone),
            "customer_email": text(customerEmail), "intent": text(intent),
            "services_mentioned": .array(servicesMentioned.map(JSON.string)), "address": text(address),
            "preferred_date": text(preferredDate), "preferred_time": text(preferredTime), "frequency": text(frequency),
            "urgency": text(urgency), "follow_up_needed": followUpNeeded.map(JSON.bool) ?? .null, "notes": text(notes),
        ]
    }

    private static func intent(_ text: String) -> String? {
        let intent = text.snakeCased
        return intent.isEmpty ? nil : synonyms[intent] ?? intent
    }

    /// What models say for intents that decide whether there is a customer, and for the commonest.
    private static let synonyms: [String: String] = [
        "spam_call": "spam", "robocall": "spam", "telemarketing": "spam", "solicitation": "spam", "sales_call": "spam",
        "scam": "spam", "wrong_number_call": "wrong_number", "misdial": "wrong_number", "misdialed": "wrong_number",
        "personal": "personal_call", "estimate": "estimate_request", "quote": "estimate_request",
        "quote_request": "estimate_request", "request_estimate": "estimate_request", "appointment": "booking",
        "book_appointment": "booking", "appointment_booking": "booking", "schedule": "booking", "scheduling": "booking",
        "book": "booking", "rescheduling": "reschedule", "reschedule_appointment": "reschedule",
        "cancel": "cancellation",
        "cancel_appointment": "cancellation", "inquiry": "question", "general_inquiry": "question",
        "followup": "follow_up",
    ]
}
