/// Something a model can ask the server to do.
///
/// A tool is a small struct: its stored properties are the arguments it takes, and ``call(_:)`` does the work.
///
/// ```swift
/// struct GetContact: Tool {
///     static let name = "get_contact"
///     static let description = "Fetch one contact by id."
///     static let hints: ToolHints = .readOnly
///
///     @Parameter("The contact's id.") var contactID: UUID
///
///     func call(_ crm: CRM) async throws -> Contact {
///         try await crm.contacts.find(contactID)
///     }
/// }
/// ```
///
/// The input schema comes from the parameters, the output schema from the result type.
public protocol Tool<Services>: Arguments {
    /// What the server lends the tool: stores, providers, clocks.
    associatedtype Services: Sendable

    /// What the tool answers with: a record whose stored properties become the output schema. Its enums are `CaseIterable`,
    /// and it does not contain itself.
    associatedtype Output: Codable & Sendable

    /// The name on the wire: `[a-z0-9_]`, at most 64 characters. A literal, so that no rename can change it.
    static var name: String { get }
    /// The name for people. Unless given, the wire name with spaces.
    static var title: String { get }
    /// Tells a model when to use the tool.
    static var description: String { get }
    /// The toolset the tool belongs to. Unless given, `default`.
    static var toolset: String { get }
    /// What a client may assume. Unless given, that the tool adds something and is confined to our database.
    static var hints: ToolHints { get }

    /// Does the work.
    ///
    /// - Throws: ``ToolFailure`` for what the model should read; other errors are translated by the server, or else answered
    ///   without details.
    func call(_ services: Services) async throws -> Output

    /// How the toolbox calls. Tools write ``call(_:)``, or conform to ``InteractiveTool``.
    func answer(_ services: Services, for client: Client) async throws -> Output
}

/// A tool that talks to the client while it works: reports progress, asks the user.
public protocol InteractiveTool<Services>: Tool {
    // Said again, so that the compiler infers them from the `call` below.
    associatedtype Services
    associatedtype Output

    func call(_ services: Services, _ client: Client) async throws -> Output
}

extension Tool {
    public static var title: String { name.titled }
    public static var toolset: String { "default" }
    public static var hints: ToolHints { [] }

    public func answer(_ services: Services, for client: Client) async throws -> Output { try await call(services) }
}

extension InteractiveTool {
    /// Calls the tool on behalf of nobody who could be asked.
    public func call(_ services: Services) async throws -> Output { try await call(services, .nobody) }

    public func answer(_ services: Services, for client: Client) async throws -> Output {
        try await call(services, client)
    }
}

/// What a client may assume about a tool before calling it.
public struct ToolHints: OptionSet, Sendable {
    public let rawValue: Int
    public init(rawValue: Int) { self.rawValue = rawValue }

    /// Changes nothing.
    public static let readOnly = Self(rawValue: 1 << 0)
    /// May remove or overwrite something.
    public static let destructive = Self(rawValue: 1 << 1)
    /// Calling twice with the same arguments is the same as calling once.
    public static let idempotent = Self(rawValue: 1 << 2)
    /// Reaches people or systems outside our database.
    public static let openWorld = Self(rawValue: 1 << 3)
}
