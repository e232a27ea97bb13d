/// What a server lets clients read.
///
/// ```swift
/// Resources(templates: [
///     ResourceTemplate(
///         "atlas://contacts/{contact_id}", name: "contact", title: "Contact", description: "One contact.",
///         mimeType: "application/json",
///         read: { crm, contact in try await crm.contacts.find(contact["contact_id"]).map { .json($0) } },
///         complete: { crm, _, text, _ in try await crm.contacts.ids(like: text) })
/// ])
/// ```
public struct Resources<Services: Sendable>: Sendable {
    /// Lists what can be read without knowing a template.
    ///
    /// - Parameter from: where the page begins: what the page before said, or `nil` for the first one.
    public typealias List = @Sendable (_ services: Services, _ from: String?) async throws -> ResourcePage

    var templates: [ResourceTemplate<Services>]
    var list: List?
    var changes: ResourceChanges?

    /// - Parameters:
    ///   - templates: the forms of URI that can be read, the more special before the more general.
    ///   - list: the resources to show in a list; each must be of the form of a template (which may have no variable).
    ///   - changes: where the server says what has changed, if it does: clients may then subscribe.
    public init(
        templates: [ResourceTemplate<Services>], list: List? = nil, changes: ResourceChanges? = nil
    ) {
        self.templates = templates
        self.list = list
        self.changes = changes
    }

    /// A server without resources.
    public static var none: Self { Self(templates: []) }

    var isEmpty: Bool { templates.isEmpty && list == nil }
}

/// A form of URI that can be read, with its variables in braces; one without variables is a single resource.
public struct ResourceTemplate<Services: Sendable>: Sendable {
    /// Reads the resource that the variables name.
    ///
    /// - Returns: `nil` if there is none.
    public typealias Read =
        @Sendable (_ services: Services, _ variables: [String: String]) async throws -> ResourceContents?

    /// Suggests values for a variable.
    ///
    /// - Parameters:
    ///   - variable: the name of the variable.
    ///   - text: what the user has typed so far.
    ///   - context: what the other variables are known to be.
    public typealias Complete =
        @Sendable (
            _ services: Services, _ variable: String, _ text: String, _ context: [String: String]
        ) async throws -> [String]

    let uri: URITemplate
    let name: String
    let title: String?
    let description: String
    let mimeType: String?
    let read: Read
    let complete: Complete?

    public init(
        _ uriTemplate: String, name: String, title: String? = nil, description: String, mimeType: String? = nil,
        read: @escaping Read, complete: Complete? = nil
    ) {
        uri = URITemplate(uriTemplate)
        self.name = name
        self.title = title
        self.description = description
        self.mimeType = mimeType
        self.read = read
        self.complete = complete
    }
}
