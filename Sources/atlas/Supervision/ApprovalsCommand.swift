import ArgumentParser
import AtlasCore
import JSON

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// `atlas approvals`
struct ApprovalsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approvals", abstract: "Shows and decides what the agent may only do after a person's yes.",
        discussion: "Which tools wait is said by ATLAS_APPROVAL, where the servers are configured.",
        subcommands: [
            ApprovalListCommand.self, ApprovalShowCommand.self, ApproveCommand.self, DenyCommand.self,
        ])
}

/// An argument that is the id of a request.
extension UUID: @retroactive ExpressibleByArgument {
    public init?(argument: String) { self.init(uuidString: argument) }
}

extension Subcommand {
    /// Opens the business, lets `work` have it, and closes it.
    func supervising<R: Sendable>(
        _ settings: SettingsOptions, _ work: @escaping @Sendable (Atlas) async throws -> R
    ) throws -> R {
        let configuration = try settings.load()
        let atlas = Atlas(configuration: configuration, logger: logger(configuration))
        return try wait(on: atlas.workers, closing: { await atlas.close() }) { try await work(atlas) }
    }
}

/// `atlas approvals list`
struct ApprovalListCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists what waits for a decision, the newest first.")

    @Flag(help: "Also what was decided, carried out or has expired.")
    var all = false
    @Option(help: ArgumentHelp("The most to list.", valueName: "number"))
    var limit = 100
    @OptionGroup var settings: SettingsOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (1...10_000).contains(limit) else { throw ValidationError("--limit must be from 1 to 10000.") }
    }

    func perform(_ console: Console) throws {
        let requests = try supervising(settings) { [all, limit] atlas in
            try await atlas.approvals.list(everything: all, limit: limit)
        }
        if output.json {
            return console.document(["approvals": .array(requests.map { .object($0.document) })])
        }
        if requests.isEmpty { console.line(all ? "Nothing was ever asked for." : "Nothing waits for a decision.") }
        for request in requests { console.line(request.brief(console)) }
    }
}

/// `atlas approvals show`
struct ApprovalShowCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Shows one request with its exact arguments, and what became of it.")

    @Argument(help: "The request's id.")
    var id: UUID
    @OptionGroup var settings: SettingsOptions
    @OptionGroup var output: OutputOptions

    func perform(_ console: Console) throws {
        let request = try supervising(settings) { [id] atlas in try await atlas.approvals.find(id) }
        if output.json { return console.document(.object(request.document)) }
        console.line(request.brief(console))
        console.line(JSON.object(request.arguments).readable)
        if let by = request.decidedBy, let at = request.decidedAt {
            console.line("Decided by \(by.cleaned()) at \(at.ISO8601Format()).")
        }
        if let outcome = request.outcome { console.line("Outcome: \(outcome.readable)") }
    }
}

/// `atlas approvals deny`
struct DenyCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "deny", abstract: "Says no: it is not done, and the agent hears so.",
        discussion: "Takes a yes back, too, as long as nothing was done.")

    @Argument(help: "The request's id.")
    var id: UUID
    @OptionGroup var settings: SettingsOptions
    @OptionGroup var output: OutputOptions

    func perform(_ console: Console) throws {
        let request = try supervising(settings) { [id] atlas in
            try await atlas.approvals.decide(id, false, by: Operator.name)
        }
        if output.json {
            return console.document(["success": true, "approval": .object(request.document)])
        }
        console.line("Denied: \(request.brief(console))")
    }
}

/// Who sits at the shell.
enum Operator {
    static var name: String {
        let variables = ProcessEnvironment.all
        let name = variables["SUDO_USER"] ?? variables["USER"] ?? variables["LOGNAME"] ?? ""
        return name.isEmpty ? "atlas approvals" : "\(String(name.cleaned().prefix(64))) (atlas approvals)"
    }
}

extension ApprovalRequest {
    /// What programs are given.
    var document: JSON.Object {
        func moment(_ date: Date?) -> JSON { date.map { .string($0.ISO8601Format()) } ?? .null }
        return [
            "id": .string(id.uuidString.lowercased()), "status": .string(status.rawValue), "server": .string(server),
            "tool": .string(tool), "business_context_id": businessContextID.map { .string($0) } ?? .null,
            "arguments": .object(arguments),
            "idempotency_key": idempotencyKey.map { .string($0) } ?? .null,
            "client_name": clientName.map { .string($0) } ?? .null,
            "client_version": clientVersion.map { .string($0) } ?? .null, "requested_at": moment(requestedAt),
            "expires_at": moment(expiresAt), "decided_at": moment(decidedAt),
            "decided_by": decidedBy.map { .string($0) } ?? .null, "outcome": outcome ?? .null,
            "settled_at": moment(settledAt),
        ]
    }

    /// One line for people.
    func brief(_ console: Console) -> String {
        let colour: Console.Colour =
            switch status {
            case .pending, .running: .yellow
            case .approved, .done: .green
            case .denied, .unknown: .red
            case .expired: .faint
            }
        let key = "idempotency_key"
        let shown = JSON.Object(members: arguments.members.filter { $0.name != key }).brief
        let client = clientName.map { ", asked by \($0.cleaned())" } ?? ""
        let business = businessContextID.map { ", for \($0.cleaned())" } ?? ""
        return "\(id.uuidString.lowercased())  \(console.coloured(status.rawValue, colour))  "
            + "\(console.coloured(tool.cleaned(), .bold)) \(shown) (\(requestedAt.ISO8601Format())\(client)\(business))"
    }
}
