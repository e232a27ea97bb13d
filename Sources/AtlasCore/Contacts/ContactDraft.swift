/// What a caller says about a person: the arguments of `create_contact`.
///
/// Nil means that nothing was said, so a match keeps what it has without a conflict; a new contact then gets the defaults
/// (type `customer`, source `manual`).
public struct ContactDraft: Sendable, Equatable {
    public var fullName: String
    /// Whether `fullName` only stands in for a name that nobody said: it contradicts nothing, and the first real name replaces it.
    var nameIsPlaceholder = false
    public var phone: String?
    public var email: String?
    public var address: String?
    public var city: String?
    public var state: String?
    public var zip: String?
    public var businessContextID: String?
    public var contactType: ContactType?
    public var notes: String?
    public var source: String?
    public var sourceRef: String?
    public var tags: [String]

    public init(
        fullName: String, phone: String? = nil, email: String? = nil, address: String? = nil, city: String? = nil,
        state: String? = nil, zip: String? = nil, businessContextID: String? = nil, contactType: ContactType? = nil,
        notes: String? = nil, source: String? = nil, sourceRef: String? = nil, tags: [String] = []
    ) {
        self.fullName = fullName
        self.phone = phone
        self.email = email
        self.address = address
        self.city = city
        self.state = state
        self.zip = zip
        self.businessContextID = businessContextID
        self.contactType = contactType
        self.notes = notes
        self.source = source
        self.sourceRef = sourceRef
        self.tags = tags
    }
}

/// What `update_contact` changes. Nil leaves a field alone; a name in `clear` empties it.
public struct ContactChange: Sendable, Equatable {
    /// The fields that can be emptied, spelt as the tool's arguments.
    public enum Field: String, Codable, CaseIterable, Sendable {
        case phone, email, address, city, state
        case zipCode = "zip_code"
        case notes, tags
    }

    public var fullName: String?
    public var phone: String?
    public var email: String?
    public var address: String?
    public var city: String?
    public var state: String?
    public var zip: String?
    public var contactType: ContactType?
    public var notes: String?
    public var status: ContactStatus?
    public var tags: [String]?
    public var clear: Set<Field>

    public init(
        fullName: String? = nil, phone: String? = nil, email: String? = nil, address: String? = nil,
        city: String? = nil, state: String? = nil, zip: String? = nil, contactType: ContactType? = nil,
        notes: String? = nil, status: ContactStatus? = nil, tags: [String]? = nil, clear: Set<Field> = []
    ) {
        self.fullName = fullName
        self.phone = phone
        self.email = email
        self.address = address
        self.city = city
        self.state = state
        self.zip = zip
        self.contactType = contactType
        self.notes = notes
        self.status = status
        self.tags = tags
        self.clear = clear
    }
}
