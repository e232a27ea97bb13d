import JSON

/// What was understood of a call: `extracted_data` of the contract. Everything may be missing.
public struct ExtractedCall: Codable, Sendable, Equatable {
    public var customerName: String?
    /// As it was said, not normalised.
    public var customerPhone: String?
    public var customerEmail: String?
    /// Why they called, in a word or two: `booking`, `reschedule`, `complaint`, `spam`, `wrong_number`, `personal_call` …
    public var intent: String?
    public var servicesMentioned: [String]
    public var address: String?
    public var preferredDate: String?
    public var preferredTime: String?
    public var frequency: String?
    public var urgency: String?
    public var followUpNeeded: Bool?
    public var notes: String?

    public init(
        customerName: String? = nil, customerPhone: String? = nil, customerEmail: String? = nil, intent: String? = nil,
        servicesMentioned: [String] = [], address: String? = nil, preferredDate: String? = nil,
        preferredTime: String? = nil, frequency: String? = nil, urgency: String? = nil, followUpNeeded: Bool? = nil,
        notes: String? = nil
    ) {
        self.customerName = customerName
        self.customerPhone = customerPhone
        self.customerEmail = customerEmail
        self.intent = intent
        self.servicesMentioned = servicesMentioned
        self.address = address
        self.preferredDate = preferredDate
        self.preferredTime = preferredTime
        self.frequency = frequency
        self.urgency = urgency
        self.followUpNeeded = followUpNeeded
        self.notes = notes
    }

    enum CodingKeys: String, CodingKey {
        case customerName = "customer_name"
        case customerPhone = "customer_phone"
        case customerEmail = "customer_email"
        case intent
        case servicesMentioned = "services_mentioned"
        case address
        case preferredDate = "preferred_date"
        case preferredTime = "preferred_time"
        case frequency, urgency
        case followUpNeeded = "follow_up_needed"
        case notes
    }

    /// Calls that are about no customer: they never make a contact.
    public var concernsNoCustomer: Bool {
        intent.map { ["spam", "wrong_number", "personal_call"].contains($0) } ?? false
    }
}
