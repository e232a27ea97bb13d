import ArgumentParser
import AtlasCore
import JSON

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// `atlas approvals approve`
struct ApproveCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "approve", abstract: "Says yes, and carries it out.",
        discussion: """
            The server is started with this shell's settings and called with the exact arguments that were kept. It is carried out \
            once, whoever comes first: this command, or the agent that calls again.
            """)

    @Argument(help: "The request's id.")
    var id: UUID
    @Flag(help: "Only say yes: it is carried out when the agent calls again.")
    var noRun = false
    @OptionGroup var start: ServerOptions
    @OptionGroup var settings: SettingsOptions
    @OptionGroup var output: OutputOptions

    func perform(_ console: Console) throws {
        let request = try supervising(settings) { [id, noRun] atlas in
            let approvals = try atlas.approvals
            // A yes that was said before and not carried out is carried out now.
            let found = try await approvals.find(id)
            let business = atlas.configuration[.businessContext]
            guard noRun || found.businessContextID != nil || business == nil else {
                throw CommandFailure(
                    message:
                        "The request was made without a business context, and this shell's settings name one. Unset "
                        + "\(ConfigurationKey.businessContext.name), or say yes with --no-run.")
            }
            return found.status == .approved ? found : try await approvals.decide(id, true, by: Operator.name)
        }
        console.note("Approved: \(request.brief(console))")
        guard !noRun else {
            if output.json { console.document(["success": true, "approval": .object(request.document)]) }
            return
        }
        let answer = CallAnswer(try carryOut(request))
        if let failure = answer.failure {
            throw CommandFailure(
                message: "It was approved, and failed: \(failure.message)", code: failure.code,
                exitCode: failure.exitCode)
        }
        let result = answer.readable ?? .null
        if output.json {
            return console.document(["success": true, "id": .string(id.uuidString.lowercased()), "result": result])
        }
        console.document(result)
    }

    /// Calls the tool as the agent did. The setting makes sure that the server looks for the request, wherever this shell differs
    /// from the agent's host.
    private func carryOut(_ request: ApprovalRequest) throws -> JSON {
        guard let kind = ServerKind.allCases.first(where: { $0.name == request.server }) else {
            throw CommandFailure(
                message: "The request is of an unknown server, \(request.server.cleaned().prefix(60)).")
        }
        var environment = ProcessEnvironment.all
        environment[ConfigurationKey.approval.name] = request.tool
        environment[ConfigurationKey.readOnly.name] = "0"
        // What was approved for one business is not done for another.
        if let business = request.businessContextID { environment[ConfigurationKey.businessContext.name] = business }
        let server = try start.start(kind, toolsets: "all", settings, environment: environment)
        _ = try server.open()
        let result = try server.request(
            "tools/call",
            [
                "name": .string(request.tool), "arguments": .object(request.arguments),
                "_meta": ["atlas/approval": ["id": .string(request.id.uuidString.lowercased())]],
            ], within: .seconds(start.timeout))
        _ = server.end()
        return result
    }
}
