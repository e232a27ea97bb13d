/// Ties a call to its contact: finds or creates the customer, notes whose the call was, and logs one `call` interaction.
public struct CallLinker: Sendable {
    public init(contacts: Contacts) {}

    /// Links the call, whose data has been extracted; its status becomes `ready`. A call that is linked already stays as it is.
    public func link(_ callSID: String) async throws -> CallLink { throw AtlasError(.internal, "not there yet") }
}

/// Whose a call was.
public struct CallLink: Sendable, Equatable {
    public var transcript: CallTranscript
    /// Nil when the call concerns no customer, or nobody can be told from it.
    public var contact: Contact?
    /// Whether the contact was met for the first time.
    public var created: Bool
    public var matchedOn: MatchedOn?
    /// Sentences for the caller: why there is no contact, which phone was no number …
    public var warnings: [String]
}
