import Foundation
import JSON
import Testing

@testable import AtlasCore

/// How fast recurring events are expanded, beside recurring-ical-events in the same run: told, not asserted.
///
///     CALENDAR_SPEED=1000 swift test -c release -Xswiftc -enable-testing --filter ExpansionSpeedTests
@Suite(.enabled(if: ProcessInfo.processInfo.environment["CALENDAR_SPEED"] != nil))
struct ExpansionSpeedTests {
    @Test("A year of many recurring events is read and expanded")
    func year() async throws {
        let count = ProcessInfo.processInfo.environment["CALENDAR_SPEED"] ?? "1000"
        let record = try #require(try await PythonProgram.run("expand_calendars.py", ["speed", count]).first)
        let texts = (record["texts"]?.items ?? []).compactMap(\.text).map { Array($0.utf8) }
        let range = Date(seconds: record["start"]?.integer ?? 0)..<Date(seconds: record["end"]?.integer ?? 0)
        let zone = try BusinessZone(named: record["zone"]?.text)
        for _ in 0..<3 {
            var found = 0
            let duration = try ContinuousClock().measure {
                for text in texts {
                    found += try ICalendarObject(parsing: text).occurrences(in: range, zone: zone, limit: 5000).count
                }
            }
            print(
                "\(texts.count) events, \(found) occurrences: \(duration); recurring-ical-events: \(record["seconds"]?.description ?? "?") s"
            )
            #expect(found == record["occurrences"]?.integer)
        }
    }
}
