import ArgumentParser
import AtlasCore
import JSON

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// `atlas smoke`
struct SmokeCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "smoke",
        abstract: "Starts the four servers as a host would, and checks what they say of themselves.",
        discussion: "They get PATH and HOME and no settings, so nothing is reached and no database is started.")

    @Option(
        help: ArgumentHelp("Where the servers are, if not beside this command.", valueName: "folder"),
        completion: .directory)
    var bin: String?
    @OptionGroup var output: OutputOptions

    func perform(_ console: Console) throws {
        let folder = try ServerFolder(bin)
        let started = ContinuousClock.now
        let findings = try wait(on: Workers(limit: ServerKind.allCases.count)) {
            await withTaskGroup(of: SmokeFinding.self) { group in
                for server in ServerKind.allCases { group.addTask { SmokeFinding.of(server, in: folder) } }
                var findings: [SmokeFinding] = []
                for await finding in group { findings.append(finding) }
                return findings.sorted { $0.order < $1.order }
            }
        }
        let took = started.duration(to: .now).milliseconds
        let isWell = findings.allSatisfy(\.problems.isEmpty)
        if output.json {
            console.document([
                "success": .bool(isWell), "milliseconds": .integer(took), "version": .string(atlasVersion),
                "servers": .array(findings.map(\.json)),
            ])
        } else {
            for finding in findings { finding.tell(console) }
            let verdict = isWell ? console.coloured("All well", .green) : console.coloured("Not well", .red)
            console.line("\(verdict), in \(took) ms.")
        }
        if !isWell { throw ExitCode(1) }
    }
}

/// What was found out about one server.
struct SmokeFinding: Sendable {
    let server: ServerKind
    var path = ""
    var tools: [String] = []
    /// From the start of the process to its list of tools.
    var milliseconds = 0
    var problems: [String] = []

    var order: Int { ServerKind.allCases.firstIndex(of: server) ?? 0 }

    static func of(_ server: ServerKind, in folder: ServerFolder) -> SmokeFinding {
        var finding = SmokeFinding(server: server)
        do { try finding.look(folder) } catch {
            finding.problems.append(CommandFailure(error).message)
        }
        return finding
    }

    private mutating func look(_ folder: ServerFolder) throws {
        path = try folder.executable(server)
        var environment = ["PATH": ChildProcess.path]
        environment["HOME"] = getenv("HOME").map { String(cString: $0) }
        // Not the working folder: a .env there would configure them.
        let started = ContinuousClock.now
        let process = try ToolServer(
            path, environment: environment, folder: "/")
        let hello = try process.open(within: .seconds(10))
        let listed = try process.tools(within: .seconds(10))
        milliseconds = started.duration(to: .now).milliseconds
        check(hello, listed)
        _ = try process.request("ping", [:], within: .seconds(5))
        let code = process.end()
        if code != 0 { problems.append("It ended with \(code < 0 ? "signal \(-code)" : "exit code \(code)"), not 0.") }
        if !process.log.isEmpty { problems.append("It complained: " + process.log) }
    }

    private mutating func check(_ hello: JSON, _ listed: [JSON]) {
        let name = hello["serverInfo"]?["name"]?.text ?? "nothing"
        if name != server.name { problems.append("It calls itself \(name.cleaned()), not \(server.name).") }
        let version = hello["serverInfo"]?["version"]?.text ?? "none"
        if version != atlasVersion {
            problems.append(
                "Its version is \(version.cleaned()), and this command's is \(atlasVersion): build them together.")
        }
        tools = listed.map { $0["name"]?.text?.cleaned() ?? "" }
        if tools.count != server.toolCount {
            problems.append("It has \(tools.count) tools, not \(server.toolCount).")
        }
        if Set(tools).count != tools.count { problems.append("Two of its tools have the same name.") }
        for tool in listed {
            let name = tool["name"]?.text?.cleaned() ?? "A tool without a name"
            let isDescribed = ["name", "title", "description"].allSatisfy { tool[$0]?.text?.isEmpty == false }
            if !isDescribed || tool["inputSchema"]?.object == nil || tool["outputSchema"]?.object == nil {
                problems.append("\(name) is not described in full.")
            }
            let hints = ["readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"]
            if !hints.allSatisfy({ tool["annotations"]?[$0]?.flag != nil }) { problems.append("\(name) lacks hints.") }
        }
    }

    var json: JSON {
        [
            "server": .string(server.rawValue), "name": .string(server.name), "path": .string(path),
            "tools": .array(tools.map { .string($0) }), "count": .integer(tools.count),
            "milliseconds": .integer(milliseconds), "problems": .array(problems.map { .string($0) }),
        ]
    }

    func tell(_ console: Console) {
        let mark = problems.isEmpty ? console.coloured("ok", .green) : console.coloured("FAILED", .red)
        console.line("\(mark)  \(server.name): \(tools.count) tools after \(milliseconds) ms")
        for problem in problems {
            for line in problem.split(separator: "\n") { console.line("    \(line)") }
        }
    }
}

extension Duration {
    /// Whole milliseconds.
    var milliseconds: Int { Int(self / .milliseconds(1)) }
}
