import AtlasCore
import JSON
import Synchronization

/// What became of the calls of a round.
struct CallTally: Sendable {
    struct Entry: Sendable {
        var callSID: String
        /// `processed`, `skipped` or `failed`.
        var outcome: String
        var detail: String
        var contact: String?
    }
    var entries: [Entry] = []
    /// Calls that were left for another time by `--limit`.
    var left = 0

    var failed: Int { count("failed") }

    private func count(_ outcome: String) -> Int { entries.count { $0.outcome == outcome } }

    var words: String {
        if entries.isEmpty { return "No recorded call waits." }
        let rest = left > 0 ? " \(left) more wait." : ""
        return "\(count("processed")) processed, \(count("skipped")) skipped, \(failed) failed.\(rest)"
    }

    var json: JSON {
        [
            "success": .bool(failed == 0), "processed": .integer(count("processed")),
            "skipped": .integer(count("skipped")),
            "failed": .integer(failed), "left": .integer(left), "calls": .array(entries.map(\.json)),
        ]
    }
}

extension CallTally.Entry {
    var json: JSON {
        [
            "call_sid": .string(callSID), "outcome": .string(outcome), "detail": .string(detail),
            "contact_id": contact.map { .string($0) } ?? .null,
        ]
    }
}

/// Tells of calls as they are worked on.
struct CallReport: Sendable {
    let console: Console
    let asJSON: Bool
    /// Whether each call is a line of its own, for there may be no end.
    let asLines: Bool

    func begin(_ call: WaitingCall, _ number: Int, of count: Int) {
        let length = call.duration.map { ", \($0) s" } ?? ""
        if !asJSON {
            console.note(console.colouredNote("[\(number)/\(count)] \(call.callSID.cleaned())\(length)", .faint))
        }
    }

    func step(_ step: CallStep) { if !asJSON { console.note(console.colouredNote("    \(step.rawValue)", .faint)) } }

    func end(_ entry: CallTally.Entry) {
        if asJSON { return asLines ? console.line(entry.json.plain) : () }
        let colour: Console.Colour = entry.outcome == "failed" ? .red : entry.outcome == "skipped" ? .yellow : .green
        console.line("\(console.coloured(entry.outcome, colour))  \(entry.callSID.cleaned())  \(entry.detail)")
    }

    func trouble(_ message: String, _ pause: Duration) {
        console.note(
            "\(console.colouredNote("atlas: ", .yellow))\(message) The next look is in \(pause.components.seconds) s.")
    }
}

/// Finds the calls that wait and works on them, one after the other: recognition and model are the bottleneck, and a second
/// process adds a second worker.
final class CallRound: Sendable {
    /// When a call that failed is tried again, or never as long as we run.
    private struct Rest: Sendable {
        var until: ContinuousClock.Instant?
        var failures = 0
    }

    private let calls: CallIntelligence
    private let window: LookBack
    private let limit: Int
    private let report: CallReport
    private let resting = Mutex<[String: Rest]>([:])

    init(calls: CallIntelligence, window: LookBack, limit: Int, report: CallReport) {
        self.calls = calls
        self.window = window
        self.limit = limit
        self.report = report
    }

    /// Works on what waits now.
    ///
    /// - Throws: when the calls that wait cannot be found out; `CancellationError`. A call that fails is counted.
    func once() async throws -> CallTally {
        let now = ContinuousClock.now
        let known = resting.withLock { $0 }
        let waiting = try await calls.waiting(since: window.date).filter { call in
            guard let rest = known[call.callSID] else { return true }
            return rest.until.map { $0 <= now } ?? false
        }
        let chosen = waiting.prefix(limit)
        var tally = CallTally(left: waiting.count - chosen.count)
        for (index, call) in chosen.enumerated() {
            try Task.checkCancellation()
            report.begin(call, index + 1, of: chosen.count)
            let entry = try await work(on: call)
            report.end(entry)
            tally.entries.append(entry)
        }
        return tally
    }

    /// Looks again and again until the task is cancelled. What fails is looked for ever more rarely, up to every ten minutes.
    func repeated(every interval: Duration) async throws -> CallTally {
        var troubles = 0
        while true {
            var pause = interval
            do {
                let tally = try await once()
                troubles = 0
                if tally.left > 0 { pause = .zero }
            } catch let error as AtlasError where error.code != .notConfigured {
                troubles += 1
                pause = min(interval * (1 << min(troubles, 10)), max(interval, .seconds(600)))
                report.trouble(error.message, pause)
            }
            try await Task.sleep(for: pause)
        }
    }

    private func work(on call: WaitingCall) async throws -> CallTally.Entry {
        do {
            let done = try await calls.process(call.callSID) { [report] in report.step($0) }
            if done.skipped {
                // Nothing is kept of it, so only we know.
                resting.withLock { $0[call.callSID] = Rest() }
                return CallTally.Entry(callSID: call.callSID, outcome: "skipped", detail: done.reason ?? "")
            }
            resting.withLock { $0[call.callSID] = nil }
            let who = done.contact.map { $0.fullName.cleaned() } ?? "no contact"
            let summary = (done.callTranscript?.summary ?? "").cleaned()
            return CallTally.Entry(
                callSID: call.callSID, outcome: "processed", detail: summary.isEmpty ? who : "\(who): \(summary)",
                contact: done.contact?.id.uuidString.lowercased())
        } catch let error as AtlasError {
            resting.withLock { resting in
                var rest = resting[call.callSID] ?? Rest()
                rest.failures += 1
                rest.until =
                    .now + min(.seconds(30) * (1 << min(rest.failures, 12)), .seconds(error.retryable ? 3600 : 21_600))
                resting[call.callSID] = rest
            }
            return CallTally.Entry(callSID: call.callSID, outcome: "failed", detail: error.message)
        }
    }
}
