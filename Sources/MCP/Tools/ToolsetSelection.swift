/// Which of a server's toolsets it registers.
public struct ToolsetSelection: Sendable, Equatable {
    /// The names chosen; `nil` means all there are.
    private let names: Set<String>?

    public static let all = ToolsetSelection(names: nil)
    public static let `default` = ToolsetSelection(names: ["default"])

    private init(names: Set<String>?) { self.names = names }

    /// Reads `all`, or names with commas between them: `default,dedup`. Blank means ``default``.
    ///
    /// - Throws: ``UnknownToolset`` if none of `tools` belongs to a toolset that is named.
    public init<Services>(_ text: String, of tools: [any Tool<Services>.Type]) throws(UnknownToolset) {
        var known = ["default"]
        for tool in tools where !known.contains(tool.toolset) { known.append(tool.toolset) }

        let chosen = text.split(separator: ",").map { String($0).trimmed }.filter { !$0.isEmpty }
        if let unknown = chosen.first(where: { $0 != "all" && !known.contains($0) }) {
            throw UnknownToolset(name: unknown, known: known)
        }
        self = chosen.isEmpty ? .default : chosen.contains("all") ? .all : ToolsetSelection(names: Set(chosen))
    }

    func contains(_ toolset: String) -> Bool { names?.contains(toolset) ?? true }
}

/// A toolset was asked for that the server does not have.
public struct UnknownToolset: Error, Sendable, Equatable, CustomStringConvertible {
    public let name: String
    public let known: [String]

    public var description: String {
        "There is no toolset \(name); choose all, or some of \(known.joined(separator: ", "))."
    }
}
