import ArgumentParser
import AtlasCore
import JSON

/// `atlas install`
struct InstallCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "install", abstract: "Tells a host of the servers, in its own configuration file.",
        discussion: """
            Only what is Atlas's is changed; a copy of the file is kept beside it, and doing it twice changes nothing more. \
            Secrets are not copied: --env NAME without a value refers to the variable where the host can, and --config names a \
            file with settings that only you can read.

              atlas install --client claude-code --config ~/.config/atlas/settings.json
              atlas install --client vscode --env ATLAS_TIMEZONE=America/Chicago --env ATLAS_DATABASE_URL
              atlas install --client cursor --dry-run
            """)

    @Option(help: ArgumentHelp("\(HostClient.allCases.map(\.rawValue).joined(separator: ", ")).", valueName: "host"))
    var client: HostClient
    @Flag(help: "Show what would change, and change nothing.")
    var dryRun = false
    @Flag(help: "Take the servers out again.")
    var uninstall = false
    @Option(
        help: ArgumentHelp("Only this server: crm, email, calendar or twilio. May be repeated.", valueName: "server"))
    var server: [ServerKind] = []
    @Option(help: ArgumentHelp("What the servers' names begin with.", valueName: "text"))
    var namePrefix = "atlas-"
    @Option(help: ArgumentHelp("A setting: NAME=VALUE, or NAME to refer to it. May be repeated.", valueName: "setting"))
    var env: [String] = []
    @Option(
        help: ArgumentHelp("A file of settings the servers are started with.", valueName: "file"), completion: .file())
    var config: String?
    @Option(help: ArgumentHelp("For you everywhere (user), or for the working folder (project).", valueName: "scope"))
    var scope = HostClient.Scope.user
    @Option(
        help: ArgumentHelp("Where the servers are, if not beside this command.", valueName: "folder"),
        completion: .directory)
    var bin: String?
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard namePrefix.utf8.count <= 40, namePrefix.utf8.allSatisfy(TOMLScan.isBare) else {
            throw ValidationError("--name-prefix may have up to 40 letters, digits, - and _.")
        }
    }

    func perform(_ console: Console) throws {
        let file = try client.file(scope, folders: try HostFolders())
        let servers = server.isEmpty ? ServerKind.allCases : ServerKind.allCases.filter(server.contains)
        let change: Installation.Change
        if uninstall {
            change = .removal
        } else {
            let folder = try ServerFolder(bin)
            let settings = try InstalledSettings(env, for: client)
            let arguments = try config.map { ["--config", try SettingsFile.checked($0)] } ?? []
            change = .entries(
                try servers.map { settings.entry($0, try folder.executable($0), arguments: arguments) })
        }
        let installation = Installation(client: client, file: file, servers: servers, prefix: namePrefix)
        let outcome = try installation.perform(change, dryRun: dryRun)
        tell(outcome, file, console)
    }

    private func tell(_ outcome: Installation.Outcome, _ file: String, _ console: Console) {
        if output.json {
            return console.document([
                "success": true, "client": .string(client.rawValue), "file": .string(file),
                "changed": .bool(outcome.isChange && !dryRun), "would_change": .bool(outcome.isChange),
                "servers": .array(outcome.names.map { .string($0) }),
                "backup": outcome.backup.map { .string($0) } ?? .null,
                "difference": .array(outcome.difference.map { .string($0) }),
            ])
        }
        for name in outcome.foreign { console.note("\(name) in \(file) is not Atlas's and stays.") }
        guard outcome.isChange else {
            return console.line(uninstall ? "\(file) has no server of Atlas's." : "\(file) is as it should be.")
        }
        if dryRun {
            console.line(console.coloured(file, .bold))
            for line in outcome.difference {
                console.line(console.coloured(line.cleaned(keepingLines: true), line.hasPrefix("+") ? .green : .red))
            }
            return
        }
        let names = outcome.names.joined(separator: ", ")
        console.line("\(uninstall ? "Took \(names) out of" : "Put \(names) into") \(file).")
        if let backup = outcome.backup { console.line("The file as it was: \(backup)") }
        console.line("Restart \(client.title) to let it see the change.")
    }
}
