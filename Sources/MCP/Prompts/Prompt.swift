/// A message that a server has ready for its users, with gaps to fill in.
///
/// ```swift
/// Prompt("follow_up", title: "Follow up", description: "Plan the next step with a contact.",
///     arguments: [PromptArgument("contact_id", description: "Whom to follow up with.", isRequired: true)]
/// ) { crm, arguments in
///     [.user("Plan the next step with \(arguments["contact_id"]!).")]
/// }
/// ```
public struct Prompt<Services: Sendable>: Sendable {
    /// Writes the messages. The required arguments are there and not blank; others may be missing.
    public typealias Get =
        @Sendable (_ services: Services, _ arguments: [String: String]) async throws -> [PromptMessage]

    let name: String
    let title: String?
    let description: String
    let arguments: [PromptArgument<Services>]
    let get: Get

    public init(
        _ name: String, title: String? = nil, description: String, arguments: [PromptArgument<Services>] = [],
        get: @escaping Get
    ) {
        self.name = name
        self.title = title
        self.description = description
        self.arguments = arguments
        self.get = get
    }
}

/// A gap in a prompt.
public struct PromptArgument<Services: Sendable>: Sendable {
    /// Suggests values that begin with what the user has typed; `context` holds the other arguments known so far.
    public typealias Complete =
        @Sendable (_ services: Services, _ text: String, _ context: [String: String]) async throws -> [String]

    let name: String
    let title: String?
    let description: String
    let isRequired: Bool
    let complete: Complete?

    public init(
        _ name: String, title: String? = nil, description: String, isRequired: Bool = false, complete: Complete? = nil
    ) {
        self.name = name
        self.title = title
        self.description = description
        self.isRequired = isRequired
        self.complete = complete
    }
}

/// One message of a prompt.
public struct PromptMessage: Sendable {
    enum Content: Sendable {
        case text(String)
        case resource(uri: String, ResourceContents)
    }

    let role: String
    let content: Content

    /// What the user says.
    public static func user(_ text: String) -> Self { Self(role: "user", content: .text(text)) }

    /// What the assistant says.
    public static func assistant(_ text: String) -> Self { Self(role: "assistant", content: .text(text)) }

    /// A resource that the user hands over.
    public static func user(_ contents: ResourceContents, at uri: String) -> Self {
        Self(role: "user", content: .resource(uri: uri, contents))
    }
}
