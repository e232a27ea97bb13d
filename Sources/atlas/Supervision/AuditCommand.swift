import ArgumentParser
import AtlasCore
import JSON

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// `atlas audit`
struct AuditCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Shows what the servers were made to do, the newest first.",
        discussion: """
            Every call of a tool that changes something, and every one that was held back, denied or answered with an earlier \
            outcome. What was written to people is kept as its length and the beginning of its SHA-256 only.
            """)

    @Option(help: ArgumentHelp("How far back to look: 90m, 12h, 7d, or a day like 2026-11-01.", valueName: "time"))
    var since: String?
    @Option(help: ArgumentHelp("Only calls of this tool.", valueName: "name"))
    var tool: String?
    @Option(
        help: ArgumentHelp(
            "Only with this outcome: success, pending, denied, replayed, or the code of an error.", valueName: "word"))
    var outcome: String?
    @Option(help: ArgumentHelp("The most to show.", valueName: "number"))
    var limit = 100
    @OptionGroup var settings: SettingsOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (1...100_000).contains(limit) else { throw ValidationError("--limit must be from 1 to 100000.") }
    }

    func perform(_ console: Console) throws {
        let entries = try supervising(settings) { [since, tool, outcome, limit] atlas in
            let zone = try atlas.time
            let start = try since.map { try LookBack($0, zone: zone).date }
            return try await AuditEntry.list(
                on: try atlas.database, since: start, tool: tool, outcome: outcome, limit: limit)
        }
        if output.json { return console.document(["calls": .array(entries.map { .object($0.document) })]) }
        if entries.isEmpty { console.line("No such call is remembered.") }
        for entry in entries { console.line(entry.brief(console)) }
    }
}

extension AuditEntry {
    /// What programs are given.
    var document: JSON.Object {
        [
            "id": .string(id.uuidString.lowercased()), "called_at": .string(calledAt.ISO8601Format()),
            "server": .string(server), "client_name": clientName.map { .string($0) } ?? .null,
            "client_version": clientVersion.map { .string($0) } ?? .null, "tool": .string(tool),
            "arguments": .object(arguments), "outcome": .string(outcome), "milliseconds": .number(milliseconds),
            "approval_id": approval.map { .string($0.uuidString.lowercased()) } ?? .null,
        ]
    }

    /// One line for people.
    func brief(_ console: Console) -> String {
        let colour: Console.Colour =
            switch outcome {
            case "success": .green
            case "pending", "replayed": .yellow
            default: .red
            }
        let client = clientName.map { " by \($0.cleaned())" } ?? ""
        return "\(calledAt.ISO8601Format())  \(console.coloured(outcome.cleaned(), colour))  "
            + "\(console.coloured(tool.cleaned(), .bold)) \(arguments.brief) (\(server.cleaned())\(client), \(Int(milliseconds)) ms)"
    }
}
