import Foundation
import Testing

@testable import AtlasCore

struct ICalendarFuzzTests {
    /// xorshift64: the same objects at every run.
    private struct Chance: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return state
        }
    }

    private static let pieces = [
        "\r\n", "\n ", "\r", "\u{FEFF}", "\"", ";", ":", "\\", "\0", ",", "BEGIN:VEVENT\r\n", "END:VEVENT\r\n",
        "DTSTART:00010101T000000\r\n",
        "DTSTART;VALUE=DATE:99991231\r\n", "DTEND:99991231T235959Z\r\n", "DURATION:P36525D\r\n",
        "DURATION:PT99999999S\r\n",
        "RRULE:FREQ=MONTHLY;BYMONTHDAY=31;BYMONTH=2\r\n", "RRULE:FREQ=YEARLY;INTERVAL=4;BYMONTH=2;BYMONTHDAY=29\r\n",
        "RRULE:FREQ=DAILY;BYHOUR=0,6,12;BYMINUTE=1,2,3;COUNT=999999\r\n", "RRULE:FREQ=SECONDLY\r\n",
        "EXRULE:FREQ=WEEKLY\r\n",
        "RRULE:FREQ=WEEKLY;INTERVAL=9999;BYSETPOS=-366\r\n", "RDATE:00010101,99991231T000000Z/P1D\r\n", "TZID=Nowhere",
        "-", "9", "0",
        "RRULE:FREQ=YEARLY;BYWEEKNO=53;BYDAY=MO\r\n", "RRULE:FREQ=YEARLY;BYYEARDAY=366;INTERVAL=3\r\n",
        "RECURRENCE-ID:20260302\r\n",
    ]

    @Test("No mutation of an object makes reading, expanding or changing it trap or hang")
    func mutations() throws {
        let rounds = ProcessInfo.processInfo.environment["FUZZ_ROUNDS"].flatMap(Int.init) ?? 1500
        let seed = ProcessInfo.processInfo.environment["FUZZ_SEED"].flatMap(UInt64.init) ?? 0x9E37_79B9_7F4A_7C15
        var chance = Chance(state: seed)
        let sources = try ["apple", "google", "outlook", "fastmail"].map(CalendarText.fixture)
        let zone = CalendarText.chicago
        var read = 0
        for _ in 0..<rounds {
            var octets = sources.randomElement(using: &chance) ?? []
            for _ in 0..<Int.random(in: 1...6, using: &chance) {
                let place = Int.random(in: 0..<octets.count, using: &chance)
                switch Int.random(in: 0..<5, using: &chance) {
                case 0: octets[place] = UInt8.random(in: 0...255, using: &chance)
                case 1:
                    octets.removeSubrange(place..<min(place + Int.random(in: 1...40, using: &chance), octets.count - 1))
                case 2:
                    // Where a line begins, so that it is one.
                    let line = octets[place...].firstIndex(of: 0x0A).map { $0 + 1 } ?? place
                    octets.insert(contentsOf: Array((Self.pieces.randomElement(using: &chance) ?? "").utf8), at: line)
                case 3:
                    octets.insert(contentsOf: Array((Self.pieces.randomElement(using: &chance) ?? "").utf8), at: place)
                default:
                    let other = Int.random(in: 0..<octets.count, using: &chance)
                    octets.insert(
                        contentsOf: octets[min(place, other)..<min(max(place, other), min(place, other) + 200)],
                        at: place)
                }
            }
            guard var object = try? ICalendarObject(parsing: octets) else { continue }
            read += 1
            #expect(object.octets == octets)
            _ = object.extent(zone: zone)
            _ = try? object.series(zone: zone)
            let ranges = [
                CalendarText.range("20260301T000000Z", "20260501T000000Z"),
                .init(uncheckedBounds: (.distantPast, .distantFuture)),
            ]
            for range in ranges {
                let found = try? object.occurrences(in: range, zone: zone, limit: 50)
                for occurrence in found ?? [] { #expect(occurrence.start <= occurrence.end) }
                guard let id = found?.last?.id else { continue }
                _ = try? object.occurrence(id, zone: zone)
                var copy = object
                try? copy.change(
                    EventChange(summary: "a", start: .moment(CalendarText.date("20260402T000000Z"))), of: id, zone: zone
                )
                _ = try? copy.remove(id, zone: zone)
                _ = try? ICalendarObject(parsing: copy.octets)
            }
            try? object.change(EventChange(start: .day(CalendarText.day("20260402"))), of: nil, zone: zone)
            try? object.change(EventChange(start: .moment(CalendarText.date("20260402T000000Z"))), of: nil, zone: zone)
        }
        #expect(read > rounds / 10)
    }

    @Test("Many tasks at once read the same")
    func concurrency() async throws {
        let octets = try ["apple", "google", "outlook", "fastmail"].map(CalendarText.fixture)
        let range = CalendarText.range("20260101T000000Z", "20270101T000000Z")
        @Sendable func sum(_ index: Int) throws -> [String] {
            try ICalendarObject(parsing: octets[index % 4]).occurrences(
                in: range, zone: CalendarText.chicago, limit: 500
            )
            .map { "\($0.summary) \($0.start) \($0.end)" }
        }
        let alone = try (0..<4).map(sum)
        try await withThrowingTaskGroup(of: (Int, [String]).self) { group in
            for index in 0..<200 { group.addTask { (index, try sum(index)) } }
            for try await (index, found) in group { #expect(found == alone[index % 4]) }
        }
    }
}
