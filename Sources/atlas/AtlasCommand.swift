import ArgumentParser
import AtlasCore

/// The operator's command.
@main
struct AtlasCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "atlas",
        abstract: "Installs, checks, calls and supervises Atlas's four servers.",
        discussion: """
            Settings are the servers' own: environment variables, a file .env in the working folder, or a JSON file named by \
            --config. Results go to standard output, everything else to standard error.

            Exit codes: 0 all is well, 1 something failed, 64 wrong arguments, 78 a setting is missing or wrong.
            """,
        version: atlasVersion,
        subcommands: [
            SmokeCommand.self, DoctorCommand.self, CallCommand.self, InstallCommand.self, DatabaseCommand.self,
            CallsCommand.self, ContactsCommand.self, ApprovalsCommand.self, AuditCommand.self, ConfigCommand.self,
        ])
}
