#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Who a customer is, and what they have booked: the answer of `lookup_customer`.
public struct FoundCustomer: Codable, Sendable, Equatable {
    /// Where they are known from.
    public enum Source: String, Codable, CaseIterable, Sendable { case crm, appointments }

    public struct Customer: Codable, Sendable, Equatable {
        /// Nil for somebody who is known from an appointment alone.
        public var contactID: UUID?
        public var name: String
        public var phone: String?
        public var email: String?
        public var address: String?

        enum CodingKeys: String, CodingKey {
            case contactID = "contact_id"
            case name, phone, email, address
        }
    }

    public var found: Bool
    public var customer: Customer?
    /// The contact, where there is one.
    public var contact: Contact?
    public var source: Source?
    /// Newest first.
    public var appointments: [AppointmentSummary]
    public var nextAppointment: AppointmentSummary?
    /// Newest first; empty when no history was asked for.
    public var interactions: [Interaction]
    /// Who else is meant, perhaps: then nobody was found.
    public var matches: [Customer]

    enum CodingKeys: String, CodingKey {
        case found, customer, contact, source, appointments
        case nextAppointment = "next_appointment"
        case interactions, matches
    }
}

/// Finds customers among the contacts, and those who booked before there were any.
public struct CustomerLookup: Sendable {
    let contacts: Contacts
    let time: BusinessTime
    let now: @Sendable () -> Date

    public init(contacts: Contacts, time: BusinessTime, now: @escaping @Sendable () -> Date = { Date() }) {
        self.contacts = contacts
        self.time = time
        self.now = now
    }
}
