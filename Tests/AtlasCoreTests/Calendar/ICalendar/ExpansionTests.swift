import Foundation
import JSON
import Testing

@testable import AtlasCore

@Suite("Series, expanded")
struct ExpansionTests {
    /// What PyPI's recurring-ical-events says of random calendars.
    private static func expanded(_ count: Int, seed: Int) throws -> [JSON] {
        var folder = URL(fileURLWithPath: #filePath)
        while folder.lastPathComponent != "Tests" { folder.deleteLastPathComponent() }
        let program = Process()
        program.executableURL = folder.deletingLastPathComponent().appendingPathComponent(".venv/bin/python")
        program.arguments = ["-B", folder.path + "/Fixtures/expand_calendars.py", "\(count)", "\(seed)"]
        let output = Pipe()
        program.standardOutput = output
        try program.run()
        let text = try output.fileHandleForReading.readToEnd() ?? Data()
        program.waitUntilExit()
        return try text.split(separator: 0x0A).map { try JSON(parsing: Array($0)) }
    }

    private static func occurrences(of calendar: JSON) throws -> [[String]] {
        let time = BusinessTime(zone: .utc)
        let object = try ICalendarObject(parsing: Array((calendar["ics"]?.text ?? "").utf8))
        let from = try time.read(calendar["from"]?.text ?? "", parameter: "from").start
        let until = try time.read(calendar["until"]?.text ?? "", parameter: "until").start
        return try object.occurrences(in: from..<until, zone: .utc, limit: 10_000).map { occurrence in
            func text(_ date: Date) -> String {
                String(time.iso8601(date).prefix(19)) + (isFloating ? "" : "Z")
            }
            let isFloating = object.master?.first("DTSTART", in: object.lines)?.time?.form == .floating
            let ends: [String]
            switch occurrence.span {
            case .days(let days): ends = [days.lowerBound.iso8601, days.upperBound.iso8601]
            case .moments: ends = [text(occurrence.start), text(occurrence.end)]
            }
            return ends + [occurrence.summary, occurrence.status.rawValue.uppercased()]
        }
        .sorted { $0.lexicographicallyPrecedes($1) }
    }

    @Test("2,000 random calendars have the occurrences that recurring-ical-events finds", arguments: 1...4)
    func randomCalendars(seed: Int) throws {
        let calendars = try Self.expanded(500, seed: seed)
        #expect(calendars.count == 500)
        var total = 0
        for calendar in calendars {
            let theirs = (calendar["occurrences"]?.items ?? []).map { ($0.items ?? []).map { $0.text ?? "" } }
            let ours = try Self.occurrences(of: calendar)
            total += theirs.count
            if ours == theirs { continue }
            let (missing, extra) = (theirs.filter { !ours.contains($0) }, ours.filter { !theirs.contains($0) })
            Issue.record(
                """
                \(calendar["ics"]?.text ?? "")
                \(calendar["from"]?.text ?? "") \(calendar["until"]?.text ?? "")
                missing \(missing.prefix(3)) more \(extra.prefix(3)), \(ours.count) of \(theirs.count)
                """)
        }
        #expect(total > 10_000)
    }
}
