import ArgumentParser
import AtlasCore
import Dispatch
import JSON
import Logging
import Synchronization

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// What went wrong, what to do about it, and how the command ends.
struct CommandFailure: Error {
    var message: String
    var code = "failed"
    var exitCode: Int32 = 1

    static func usage(_ message: String) -> CommandFailure {
        CommandFailure(message: message, code: "invalid_argument", exitCode: 64)
    }

    /// Nothing more needs to be said.
    static let told = CommandFailure(message: "")
}

/// How a subcommand answers.
struct OutputOptions: ParsableArguments {
    @Flag(help: "Answer with one JSON document on standard output.")
    var json = false
}

/// Where the settings are.
struct SettingsOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A configuration file: a JSON object of environment variables. (ATLAS_CONFIG)", valueName: "file"),
        completion: .file(extensions: ["json"]))
    var config: String?

    func load() throws -> Configuration { try Configuration.load(file: config) }
}

/// One thing that `atlas` does.
protocol Subcommand: ParsableCommand {
    var output: OutputOptions { get }
    func perform(_ console: Console) throws
}

extension Subcommand {
    func run() throws {
        // A peer that went away is an error of the write, not the end of the command.
        signal(SIGPIPE, SIG_IGN)
        let console = Console()
        do {
            try perform(console)
        } catch let exit as ExitCode {
            throw exit
        } catch {
            let failure = CommandFailure(error)
            if !failure.message.isEmpty {
                console.note(console.colouredNote("atlas: ", .red) + failure.message)
                if output.json {
                    console.document([
                        "success": false,
                        "error": ["code": .string(failure.code), "message": .string(failure.message)],
                    ])
                }
            }
            throw ExitCode(failure.exitCode)
        }
    }

    /// Waits for work that is asynchronous. It runs on `workers`, where blocking is allowed.
    ///
    /// - Parameter closing: what is done at the end of the work, however that ends.
    func wait<R: Sendable>(
        on workers: Workers, closing: @escaping @Sendable () async -> Void = {},
        for work: @escaping @Sendable () async throws -> R
    ) throws -> R {
        let outcome = Mutex<Result<R, any Error>?>(nil)
        let done = DispatchSemaphore(value: 0)
        Task(executorPreference: workers) {
            let result: Result<R, any Error>
            do { result = .success(try await work()) } catch { result = .failure(error) }
            await closing()
            outcome.withLock { $0 = result }
            done.signal()
        }
        done.wait()
        guard let result = outcome.withLock({ $0 }) else { throw CancellationError() }
        return try result.get()
    }

    /// Waits for work with the business, which SIGINT and SIGTERM cancel, and closes it.
    ///
    /// - Throws: what `work` throws; `CancellationError` when it was cancelled.
    func interruptible<R: Sendable>(_ atlas: Atlas, _ work: @escaping @Sendable () async throws -> R) throws -> R {
        let task = Task(executorPreference: atlas.workers, operation: work)
        let signals = EndSignals { task.cancel() }
        defer { withExtendedLifetime(signals) {} }
        return try wait(on: atlas.workers, closing: { await atlas.close() }) { try await task.value }
    }

    /// Logs as the servers do: to standard error.
    func logger(_ configuration: Configuration) -> Logger {
        var logger = Logger(label: "atlas") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = configuration[.logLevel].flatMap { Logger.Level(rawValue: $0.lowercased()) } ?? .notice
        return logger
    }
}

extension CommandFailure {
    init(_ error: any Error) {
        switch error {
        case let failure as CommandFailure: self = failure
        case let error as AtlasError:
            self.init(
                message: error.message, code: error.code.rawValue, exitCode: error.code == .notConfigured ? 78 : 1)
        case let error as DatabaseError: self.init(AtlasError(error))
        case is CancellationError: self.init(message: "Interrupted.", code: "cancelled", exitCode: 130)
        default: self.init(message: "\(error)")
        }
    }
}
