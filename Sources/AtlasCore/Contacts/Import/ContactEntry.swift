/// One person of a file that is imported: a row of a table, a vCard.
public struct ContactEntry: Sendable, Equatable {
    /// Where in the file it begins, from 1.
    public var line: Int
    public var draft: ContactDraft
    /// Further phones and e-mail addresses. Each recognises the person, as the first ones do.
    public var otherPhones: [String]
    public var otherEmails: [String]

    public init(line: Int, draft: ContactDraft, otherPhones: [String] = [], otherEmails: [String] = []) {
        self.line = line
        self.draft = draft
        self.otherPhones = otherPhones
        self.otherEmails = otherEmails
    }

    /// - Throws: ``AtlasError`` `invalid_argument` naming the field.
    func person(region: String, defaultContext: String?) throws -> KnownPerson {
        var draft = draft
        if draft.fullName.cleaned().isEmpty {
            // Whoever has a phone or an address can be found and named later.
            guard let stand = [draft.phone, draft.email].compactMap({ $0?.cleaned() }).first(where: { !$0.isEmpty })
            else { throw AtlasError(.invalidArgument, "There is no name, phone or e-mail address.") }
            draft.fullName = stand
            draft.nameIsPlaceholder = true
        }
        var person = try KnownPerson(draft, region: region, defaultContext: defaultContext)
        for text in otherPhones {
            if let phone = try TextLimit.phone(text, region: region) { person.otherPhones.append(phone) }
        }
        person.otherEmails = try otherEmails.compactMap(TextLimit.email)
        if person.phone == nil, !person.otherPhones.isEmpty { person.phone = person.otherPhones.removeFirst() }
        if person.email == nil, !person.otherEmails.isEmpty { person.email = person.otherEmails.removeFirst() }
        return person
    }
}

/// What became of one person of a file.
public struct ContactEntryOutcome: Sendable, Equatable {
    public enum Kind: String, Sendable, CaseIterable {
        /// A contact was made.
        case created
        /// The person was known, and something was learnt.
        case updated
        /// The person was known, and nothing is new.
        case unchanged
        /// Nothing was done, for ``reason``.
        case refused
    }

    public var line: Int
    public var name: String
    public var kind: Kind
    /// Whose it is: made or met. Nil when refused, and in a dry run for one that would be made.
    public var contact: Contact.ID?
    public var matchedOn: MatchedOn?
    /// Whether the contact was first met in this file: two rows are one person.
    public var isRepeat = false
    public var conflicts: [FieldConflict] = []
    public var possibleDuplicates: [Contact.ID] = []
    public var warnings: [String] = []
    public var reason: String?
}
