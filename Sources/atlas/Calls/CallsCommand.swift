import ArgumentParser
import AtlasCore
import JSON

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// `atlas calls`
struct CallsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "calls", abstract: "Works on recorded calls.", subcommands: [ProcessCallsCommand.self])
}

/// `atlas calls process`
struct ProcessCallsCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "process",
        abstract: "Turns finished recordings into transcripts, facts and lines in their customers' histories.",
        discussion: """
            Finds the recordings at the telephone company whose calls were not worked on yet, and works on each as \
            process_call does. Any number of these may run beside each other and beside the servers: a call is worked on once.
            With --watch it goes on until it is interrupted. With --json it writes one document, and with both one line a call.
            """)

    @Flag(help: "Go on: look again after every interval, until interrupted.")
    var watch = false
    @Option(help: ArgumentHelp("How far back to look: 90m, 12h, 7d, or a day like 2026-11-01.", valueName: "time"))
    var since = "7d"
    @Option(help: ArgumentHelp("The most calls to work on, in one go.", valueName: "number"))
    var limit = 100
    @Option(help: ArgumentHelp("How long --watch waits between two looks.", valueName: "seconds"))
    var interval = 30
    @OptionGroup var settings: SettingsOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (1...10_000).contains(limit) else { throw ValidationError("--limit must be from 1 to 10000.") }
        guard (1...86_400).contains(interval) else {
            throw ValidationError("--interval must be from 1 to 86400 seconds.")
        }
    }

    func perform(_ console: Console) throws {
        let configuration = try settings.load()
        let atlas = Atlas(configuration: configuration, logger: logger(configuration))
        let window = try LookBack(since, zone: try atlas.time)
        let round = CallRound(
            calls: try atlas.calls, window: window, limit: limit,
            report: CallReport(console: console, asJSON: output.json, asLines: watch))
        let tally: CallTally
        do {
            tally = try interruptible(atlas) { [watch, interval] in
                watch ? try await round.repeated(every: .seconds(interval)) : try await round.once()
            }
        } catch is CancellationError where watch {
            return console.note("Interrupted: what was begun can be gone on with.")
        }
        if output.json {
            if !watch { console.document(tally.json) }
        } else if !watch {
            console.line(tally.words)
        }
        if tally.failed > 0, !watch { throw ExitCode(1) }
    }
}

/// How far back calls are looked for.
struct LookBack: Sendable {
    private enum Start: Sendable {
        case ago(Double)
        case moment(Date)
    }
    private let start: Start

    /// - Throws: ``CommandFailure`` when `text` is neither a span nor a moment.
    init(_ text: String, zone: BusinessTime) throws {
        let units: [Character: Double] = ["m": 60, "h": 3600, "d": 86_400, "w": 604_800]
        if let unit = text.last.flatMap({ units[$0] }), let number = Int(text.dropLast()),
            (1...100_000).contains(number)
        {
            start = .ago(Double(number) * unit)
            return
        }
        do {
            start = .moment(try zone.read(text, parameter: "--since").start)
        } catch {
            throw CommandFailure.usage(
                "--since must be a span like 90m, 12h or 7d, or a moment like 2026-11-01 or 2026-11-01T08:00.")
        }
    }

    var date: Date {
        switch start {
        case .ago(let seconds): Date(timeIntervalSinceNow: -seconds)
        case .moment(let date): date
        }
    }
}
