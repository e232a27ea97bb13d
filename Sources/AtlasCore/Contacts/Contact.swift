#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
import JSON

/// A person or company we deal with. One row of `contacts`.
///
/// `contactType` and `status` are texts here, because the reference's servers store what they are given; what we accept from a
/// caller is ``ContactType`` and ``ContactStatus``.
public struct Contact: Codable, Sendable, Equatable, Identifiable {
    public var id: UUID
    public var fullName: String
    public var firstName: String?
    public var lastName: String?
    /// The first of `emails`.
    public var email: String?
    /// The first of `phones`.
    public var phone: String?
    /// The primary phone as E.164; null when it has none (a short or withheld number).
    public var phoneE164: String?
    /// Every phone that identifies the contact, the primary one first: E.164 where known, else as it was given.
    public var phones: [String]
    /// Every e-mail address that identifies the contact, the primary one first, in lower case.
    public var emails: [String]
    public var address: String?
    public var city: String?
    public var state: String?
    public var zip: String?
    /// The business the contact belongs to; null until one meets it.
    public var businessContextID: String?
    public var contactType: String
    public var status: String
    public var tags: [String]
    public var notes: String?
    public var source: String?
    public var sourceRef: String?
    public var createdAt: Date
    public var updatedAt: Date
    /// Free facts. `also_known_as` holds, by field, values that differed from what was already known; `merged_into` the id of
    /// the contact this one was merged into.
    public var metadata: JSON.Object

    enum CodingKeys: String, CodingKey {
        case id
        case fullName = "full_name"
        case firstName = "first_name"
        case lastName = "last_name"
        case email, phone
        case phoneE164 = "phone_e164"
        case phones, emails, address, city, state, zip
        case businessContextID = "business_context_id"
        case contactType = "contact_type"
        case status, tags, notes, source
        case sourceRef = "source_ref"
        case createdAt = "created_at"
        case updatedAt = "updated_at"
        case metadata
    }
}

/// What a contact is to the business.
public enum ContactType: String, Codable, CaseIterable, Sendable {
    case customer, lead, prospect, vendor
}

/// Where a contact stands. Nothing is ever deleted: what is gone is `archived`.
public enum ContactStatus: String, Codable, CaseIterable, Sendable {
    case active, inactive, archived
}
