#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// One page of contacts.
public struct ContactPage: Codable, Sendable, Equatable {
    public var contacts: [Contact]
    /// Whether another page follows.
    public var hasMore: Bool

    enum CodingKeys: String, CodingKey {
        case contacts
        case hasMore = "has_more"
    }
}

/// One page of all contacts that a filter takes, and how many there are.
public struct ContactListing: Codable, Sendable, Equatable {
    public var contacts: [Contact]
    public var total: Int
    public var hasMore: Bool

    enum CodingKeys: String, CodingKey {
        case contacts, total
        case hasMore = "has_more"
    }
}

/// By what an existing contact was recognised.
public enum MatchedOn: String, Codable, CaseIterable, Sendable {
    case phone, email
}

/// A value that differed from the known one. The known one stayed; the given one is kept in `metadata.also_known_as`.
public struct FieldConflict: Codable, Sendable, Equatable {
    /// The field's name in the contact object.
    public var field: String
    public var kept: String
    public var given: String

    public init(field: String, kept: String, given: String) {
        self.field = field
        self.kept = kept
        self.given = given
    }
}

/// What `create_contact` did: made a contact, or met one that was there.
public struct ContactUpsertOutcome: Codable, Sendable, Equatable {
    public var contact: Contact
    public var created: Bool
    public var matchedOn: MatchedOn?
    /// Whether the match was archived and is active again.
    public var reactivated: Bool
    public var conflicts: [FieldConflict]
    /// Other contacts that have a part of the given identity.
    public var possibleDuplicates: [UUID]
    /// Sentences for the caller, e.g. that a phone number is no complete one.
    public var warnings: [String]

    enum CodingKeys: String, CodingKey {
        case contact, created
        case matchedOn = "matched_on"
        case reactivated, conflicts
        case possibleDuplicates = "possible_duplicates"
        case warnings
    }
}

/// Contacts that look like one person.
public struct DuplicateGroup: Codable, Sendable, Equatable {
    /// Why: `the same phone`, `the same e-mail address`, `the same name and address`.
    public var reason: String
    /// What they have in common.
    public var value: String?
    /// Two or more, the one to keep first.
    public var contacts: [Contact]
}

/// What `merge_contacts` did.
public struct ContactMerge: Codable, Sendable, Equatable {
    /// The rows that now point at the kept contact.
    public struct Moved: Codable, Sendable, Equatable {
        public var interactions: Int
        public var appointments: Int
        public var callTranscripts: Int

        enum CodingKeys: String, CodingKey {
            case interactions, appointments
            case callTranscripts = "call_transcripts"
        }
    }

    /// The kept contact.
    public var contact: Contact
    /// The id of the other one, archived now, with `metadata.merged_into`.
    public var mergedID: UUID
    public var moved: Moved
    public var conflicts: [FieldConflict]

    enum CodingKeys: String, CodingKey {
        case contact
        case mergedID = "merged_id"
        case moved, conflicts
    }
}
