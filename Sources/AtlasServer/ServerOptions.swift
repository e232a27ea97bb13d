import ArgumentParser
import AtlasCore
import Logging

/// The options every Atlas server takes. Each has an environment variable; the command line wins.
public struct ServerOptions: ParsableArguments, Sendable {
    @Option(
        help: ArgumentHelp(
            "Toolsets to register: all, or names separated by commas, like default,dedup. (ATLAS_TOOLSETS)",
            valueName: "names"))
    var toolsets: String?

    @Flag(help: "Register only the tools that change nothing. (ATLAS_READ_ONLY=1)")
    var readOnly = false

    @Option(
        help: ArgumentHelp(
            "Log to standard error from this level on: trace, debug, info, notice, warning, error, critical. (ATLAS_LOG_LEVEL)",
            valueName: "level"))
    var logLevel: Logger.Level?

    @Option(
        help: ArgumentHelp(
            "A configuration file: a JSON object of environment variables. (ATLAS_CONFIG)", valueName: "file"),
        completion: .file(extensions: ["json"]))
    var config: String?

    @Option(help: .hidden)
    var printDocumentation: DocumentationPage?

    public init() {}

    enum DocumentationPage: String, ExpressibleByArgument, CaseIterable {
        case tools, configuration
    }
}

extension Logger.Level: @retroactive ExpressibleByArgument {}

/// What a server was asked for on its command line; all unset when it was started without arguments.
struct Choices: Sendable {
    var toolsets: String?
    var readOnly = false
    var logLevel: Logger.Level?
    var config: String?

    init() {}

    init(_ options: ServerOptions) {
        toolsets = options.toolsets
        readOnly = options.readOnly
        logLevel = options.logLevel
        config = options.config
    }
}
