import ArgumentParser

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A program that runs MCP servers, and how it is told of them.
enum HostClient: String, CaseIterable, Sendable, ExpressibleByArgument {
    case claudeCode = "claude-code"
    case claudeDesktop = "claude-desktop"
    case cursor, vscode, codex, zed, windsurf, gemini

    enum Scope: String, CaseIterable, Sendable, ExpressibleByArgument { case user, project }

    /// How the host's file can name a variable or a secret instead of holding it.
    enum Reference: Sendable {
        /// The host puts the variable of its own environment in the place of this.
        case variable(before: String, after: String)
        /// The host asks the person once and keeps the answer among its secrets.
        case input
        /// The host hands variables of its own environment down by their names.
        case forwarded
        /// It cannot.
        case none
    }

    var title: String {
        switch self {
        case .claudeCode: "Claude Code"
        case .claudeDesktop: "Claude Desktop"
        case .cursor: "Cursor"
        case .vscode: "VS Code"
        case .codex: "Codex"
        case .zed: "Zed"
        case .windsurf: "Windsurf"
        case .gemini: "Gemini CLI"
        }
    }

    var reference: Reference {
        switch self {
        case .claudeCode, .gemini: .variable(before: "${", after: "}")
        case .cursor, .windsurf: .variable(before: "${env:", after: "}")
        case .vscode: .input
        case .codex: .forwarded
        case .claudeDesktop, .zed: .none
        }
    }

    /// The member that holds the servers.
    var section: String {
        switch self {
        case .vscode: "servers"
        case .zed: "context_servers"
        case .codex: "mcp_servers"
        default: "mcpServers"
        }
    }

    /// Whether the host reads comments and trailing commas.
    var readsComments: Bool {
        switch self {
        case .vscode, .zed, .gemini, .cursor: true
        default: false
        }
    }

    /// Whether an entry says how the server is spoken to.
    var saysTransport: Bool { self == .claudeCode || self == .vscode }

    /// The host's file.
    ///
    /// - Throws: ``CommandFailure`` when it has none of this scope.
    func file(_ scope: Scope, folders: HostFolders) throws -> String {
        switch (self, scope) {
        case (.claudeCode, .user): (folders.variable("CLAUDE_CONFIG_DIR") ?? folders.home) + "/.claude.json"
        case (.claudeCode, .project): folders.project + "/.mcp.json"
        case (.claudeDesktop, .user): folders.applications + "/Claude/claude_desktop_config.json"
        case (.cursor, .user): folders.home + "/.cursor/mcp.json"
        case (.cursor, .project): folders.project + "/.cursor/mcp.json"
        case (.vscode, .user): folders.applications + "/Code/User/mcp.json"
        case (.vscode, .project): folders.project + "/.vscode/mcp.json"
        case (.codex, .user): (folders.variable("CODEX_HOME") ?? folders.home + "/.codex") + "/config.toml"
        case (.codex, .project): folders.project + "/.codex/config.toml"
        // Zed keeps to ~/.config on macOS, too.
        case (.zed, .user): folders.configuration + "/zed/settings.json"
        case (.zed, .project): folders.project + "/.zed/settings.json"
        case (.windsurf, .user): folders.home + "/.codeium/windsurf/mcp_config.json"
        case (.gemini, .user): folders.home + "/.gemini/settings.json"
        case (.gemini, .project): folders.project + "/.gemini/settings.json"
        case (.claudeDesktop, .project), (.windsurf, .project):
            throw CommandFailure.usage("\(title) knows no servers of one project. Leave --scope project out.")
        }
    }
}

/// Where a person's programs keep their settings.
struct HostFolders: Sendable {
    let home: String
    /// `$XDG_CONFIG_HOME`, or `~/.config`, on every platform.
    let configuration: String
    /// The platform's folder for applications' settings.
    let applications: String
    let project: String
    private let environment: [String: String]

    /// - Throws: when there is no home.
    init(environment: [String: String] = ProcessEnvironment.all, project: String = FilePaths.absolute(".")) throws {
        guard let home = environment["HOME"], home.hasPrefix("/") else {
            throw CommandFailure(message: "HOME is not set, so nobody's settings can be found.")
        }
        func folder(_ name: String) -> String? { environment[name].flatMap { $0.hasPrefix("/") ? $0 : nil } }
        self.environment = environment
        self.home = home.count > 1 && home.hasSuffix("/") ? String(home.dropLast()) : home
        self.project = FilePaths.resolved(project) ?? project
        #if canImport(Darwin)
            configuration = self.home + "/.config"
            applications = self.home + "/Library/Application Support"
        #else
            configuration = folder("XDG_CONFIG_HOME") ?? self.home + "/.config"
            applications = configuration
        #endif
    }

    /// A variable that moves one host's folder.
    func variable(_ name: String) -> String? { environment[name].flatMap { $0.hasPrefix("/") ? $0 : nil } }
}
