import JSON

/// Who a server is, as it introduces itself.
public struct ServerDescription: Sendable {
    /// The name for programs: `atlas-crm`.
    public var name: String
    /// The name for people.
    public var title: String?
    public var version: String
    /// What a model should know to use the server well.
    public var instructions: String?
    /// The key under which `_meta` of a failed call says what kind of failure it is.
    public var errorKey: String

    public init(
        name: String, title: String? = nil, version: String, instructions: String? = nil,
        errorKey: String = "atlas/error"
    ) {
        self.name = name
        self.title = title
        self.version = version
        self.instructions = instructions
        self.errorKey = errorKey
    }

    /// The server as the schema's `Implementation`.
    func implementation(_ revision: Revision) -> JSON {
        var object: JSON.Object = ["name": .string(name)]
        if let title, revision.hasTitles { object.append("title", .string(title)) }
        object.append("version", .string(version))
        return .object(object)
    }
}
