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

/// `atlas db shell`
struct DatabaseShellCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "shell", abstract: "Opens psql on the database.",
        discussion: """
            The password travels in the environment, never as an argument. What follows -- goes to psql:

              atlas db shell -- -c 'SELECT count(*) FROM contacts'
            """)

    @OptionGroup var settings: SettingsOptions
    @OptionGroup var output: OutputOptions
    @Argument(parsing: .postTerminator, help: ArgumentHelp("Words for psql.", valueName: "words"))
    var words: [String] = []

    func perform(_ console: Console) throws {
        let words = words
        let code = try administering(settings) { administration in
            let (clients, access) = try await administration.programs()
            let program = ForegroundProgram(
                [clients.psql, "--dbname=" + access.connectionString] + words, access.environment)
            return try program.run()
        }
        if code != 0 { throw ExitCode(code < 0 ? 128 - code : code) }
    }
}

/// A program of PostgreSQL's that has our terminal while it runs.
struct ForegroundProgram {
    private let arguments: [String]
    private let environment: [String: String]

    /// - Parameter access: libpq's variables; the rest of our environment goes along.
    init(_ arguments: [String], _ access: [String: String]) {
        self.arguments = arguments
        environment = ProcessEnvironment.all.merging(access) { _, ours in ours }
    }

    /// Starts it, for others to wait for.
    func start(input: ChildProcess.Stream = .inherited, output: ChildProcess.Stream = .inherited) throws -> ChildProcess
    {
        do {
            return try ChildProcess(
                arguments, input: input, output: output, errors: .inherited, environment: environment)
        } catch {
            throw CommandFailure(message: "\(arguments[0]) cannot be started: \(error).")
        }
    }

    /// Runs it to its end. What the terminal's keys interrupt is it, not us: we still have to tidy up.
    func run() throws -> Int32 {
        try UninterruptedSection.run { try start().wait() }
    }
}

/// A stretch of work during which we outlive the signals that our children end by.
enum UninterruptedSection {
    static func run<R>(_ work: () throws -> R) rethrows -> R {
        // Children get the default back (ChildProcess), and a terminal signals all of its group.
        let signals = [SIGINT, SIGQUIT, SIGTERM, SIGHUP]
        let before = signals.map { signal($0, SIG_IGN) }
        defer { for (number, handler) in zip(signals, before) { signal(number, handler) } }
        return try work()
    }
}
