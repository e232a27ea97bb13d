import ArgumentParser
import AtlasCore

/// How a server is started for one call.
struct ServerOptions: ParsableArguments {
    @Option(help: ArgumentHelp("How long to wait for the answer.", valueName: "seconds"))
    var timeout = 300
    @Option(
        help: ArgumentHelp("Where the servers are, if not beside this command.", valueName: "folder"),
        completion: .directory)
    var bin: String?

    func validate() throws {
        guard (1...86_400).contains(timeout) else {
            throw ValidationError("--timeout must be from 1 to 86400 seconds.")
        }
    }

    func start(
        _ server: ServerKind, toolsets: String, _ settings: SettingsOptions, environment: [String: String]
    ) throws -> ToolServer {
        var words = ["--toolsets", toolsets]
        if let config = settings.config { words += ["--config", config] }
        return try ToolServer(try ServerFolder(bin).executable(server), words, environment: environment)
    }
}
