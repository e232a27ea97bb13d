import Foundation
import JSON
import Testing

@testable import AtlasCore

/// The expansion of recurring events, compared with Python's recurring-ical-events.
struct ExpansionDifferenceTests {
    @Test("Two thousand random calendars have the occurrences that recurring-ical-events finds in them")
    func randomCalendars() async throws {
        let seed = ProcessInfo.processInfo.environment["CALENDAR_SEED"] ?? "1"
        let count = ProcessInfo.processInfo.environment["CALENDAR_COUNT"] ?? "2000"
        var differences = 0
        for record in try await PythonProgram.run("expand_calendars.py", [seed, count]) {
            let text = record["text"]?.text ?? ""
            let zone = try BusinessZone(named: record["zone"]?.text)
            let range =
                Date(seconds: record["start"]?.integer ?? 0)..<Date(seconds: record["end"]?.integer ?? 0)
            let object = try ICalendarObject(parsing: Array(text.utf8))
            let ours = try object.occurrences(in: range, zone: zone, limit: 10_000)
                .map {
                    [
                        String(Int($0.start.timeIntervalSince1970)), String(Int($0.end.timeIntervalSince1970)),
                        $0.summary,
                    ]
                }
                .sorted { $0.lexicographicallyPrecedes($1) }
            let theirs = (record["occurrences"]?.items ?? []).map {
                [String($0[0]?.integer ?? 0), String($0[1]?.integer ?? 0), $0[2]?.text ?? ""]
            }.sorted { $0.lexicographicallyPrecedes($1) }
            guard ours != theirs else { continue }
            differences += 1
            guard differences <= 20 else { continue }
            let (mine, other) = (Set(ours), Set(theirs))
            Issue.record(
                """
                seed \(record["seed"]?.integer ?? 0), \(range), only ours \(mine.subtracting(other).sorted { $0[0] < $1[0] }.prefix(5)), \
                only theirs \(other.subtracting(mine).sorted { $0[0] < $1[0] }.prefix(5)) in
                \(text)
                """)
        }
        #expect(differences == 0)
    }
}
