import Foundation
import Testing

@testable import AtlasCore

struct FreeSlotsTests {
    private let work = WeeklyHours(from: 8, to: 18)

    private func zone(_ name: String = "America/Chicago") throws -> BusinessZone { try BusinessZone(named: name) }

    private func range(_ start: String, _ end: String, _ zone: BusinessZone) throws -> Range<Date> {
        let time = BusinessTime(zone: zone)
        return try time.read(start, parameter: "start").start..<time.read(end, parameter: "end").start
    }

    /// Starts as the wall clock shows them.
    private func starts(_ found: FreeSlots, _ zone: BusinessZone) -> [String] {
        found.slots.map { String(BusinessTime(zone: zone).iso8601($0.lowerBound).dropFirst(11)) }
    }

    private func find(
        _ start: String, _ end: String, minutes: Int, hours: WeeklyHours? = nil, buffer: Int = 0,
        busy: [(String, String)] = [], in zone: BusinessZone, limit: Int = 20
    ) throws -> FreeSlots {
        FreeSlots.find(
            .init(range: try range(start, end, zone), minutes: minutes, hours: hours ?? work, buffer: buffer),
            busy: try busy.map { try range($0.0, $0.1, zone) }, zone: zone, limit: limit)
    }

    @Test("A day without events has a slot on every quarter of its hours that leaves the visit room")
    func emptyDay() throws {
        let zone = try zone()
        let found = try find("2026-11-24", "2026-11-25", minutes: 60, in: zone, limit: 3)
        #expect(found.total == 37)
        #expect(starts(found, zone) == ["08:00:00-06:00", "08:15:00-06:00", "08:30:00-06:00"])
        #expect(found.slots.allSatisfy { $0.upperBound.timeIntervalSince($0.lowerBound) == 3600 })
    }

    @Test("The buffer is kept to events on both sides, and not to the edges of the hours")
    func buffer() throws {
        let zone = try zone()
        let found = try find(
            "2026-11-24", "2026-11-25", minutes: 60, buffer: 30, busy: [("2026-11-24T10:00", "2026-11-24T16:00")],
            in: zone)
        #expect(
            starts(found, zone) == ["08:00:00-06:00", "08:15:00-06:00", "08:30:00-06:00", "16:30:00-06:00"]
                + ["16:45:00-06:00", "17:00:00-06:00"])
    }

    @Test("Events may overlap, nest, touch, be unsorted, be empty and span days")
    func busyInAnyShape() throws {
        let zone = try zone()
        let found = try find(
            "2026-11-23", "2026-11-26", minutes: 120,
            busy: [
                ("2026-11-25T08:00", "2026-11-25T16:00"), ("2026-11-23T12:00", "2026-11-24T16:00"),
                ("2026-11-23T09:00", "2026-11-23T12:00"), ("2026-11-23T09:30", "2026-11-23T10:00"),
                ("2026-11-24T17:00", "2026-11-24T17:00"), ("2026-11-22T00:00", "2026-11-23T08:30"),
            ], in: zone)
        #expect(starts(found, zone) == ["16:00:00-06:00", "16:00:00-06:00"])
    }

    @Test("A range that begins or ends within a quarter holds only what lies wholly in it")
    func rangeWithinAQuarter() throws {
        let zone = try zone()
        let found = try find("2026-11-24T09:00:01", "2026-11-24T10:44:59", minutes: 60, in: zone)
        #expect(starts(found, zone) == ["09:15:00-06:00", "09:30:00-06:00"])
    }

    @Test("An hour that the clocks skip is no working time, and a visit across it takes its minutes")
    func skippedHour() throws {
        let zone = try zone()
        let found = try find(
            "2026-03-08", "2026-03-09", minutes: 60, hours: WeeklyHours(from: 1, to: 4), in: zone)
        // Two hours are left of three: 01:00–02:00 and 03:00–04:00.
        #expect(
            starts(found, zone) == ["01:00:00-06:00", "01:15:00-06:00", "01:30:00-06:00", "01:45:00-06:00"]
                + ["03:00:00-05:00"])
        #expect(try find("2026-03-08", "2026-03-09", minutes: 15, hours: .init(from: 0, to: 24), in: zone).total == 92)
    }

    @Test("Both passes of an hour that occurs twice are working time")
    func repeatedHour() throws {
        let zone = try zone()
        let found = try find(
            "2026-11-01", "2026-11-02", minutes: 30, hours: WeeklyHours(from: 1, to: 2), in: zone)
        #expect(
            starts(found, zone) == [
                "01:00:00-05:00", "01:15:00-05:00", "01:30:00-05:00", "01:45:00-05:00", "01:00:00-06:00",
                "01:15:00-06:00", "01:30:00-06:00",
            ])
        #expect(try find("2026-11-01", "2026-11-02", minutes: 15, hours: .init(from: 0, to: 24), in: zone).total == 100)
    }

    @Test("Where the clocks change by half an hour, quarters stay quarters of the wall clock")
    func halfAnHour() throws {
        let zone = try zone("Australia/Lord_Howe")
        let found = try find(
            "2026-10-04", "2026-10-05", minutes: 45, hours: WeeklyHours(from: 1, to: 3), in: zone)
        #expect(
            starts(found, zone) == ["01:00:00+10:30", "01:15:00+10:30", "01:30:00+10:30", "01:45:00+10:30"])
        #expect(found.total == 4)
    }

    @Test("Where the offset is a quarter of an hour off, quarters are those of the wall clock")
    func kathmandu() throws {
        let zone = try zone("Asia/Kathmandu")
        let found = try find("2026-11-24T09:05", "2026-11-24T10:30", minutes: 60, in: zone)
        #expect(starts(found, zone) == ["09:15:00+05:45", "09:30:00+05:45"])
    }

    @Test("Days that are worked through join at midnight")
    func aroundTheClock() throws {
        let zone = try zone()
        let found = try find(
            "2026-11-24", "2026-11-27", minutes: 1440, hours: WeeklyHours(from: 0, to: 24),
            busy: [("2026-11-24T00:00", "2026-11-24T13:10")], in: zone, limit: 1)
        #expect(starts(found, zone) == ["13:15:00-06:00"])
        // From a quarter past one on Tuesday to midnight before Thursday, both included.
        #expect(found.total == (24 - 13) * 4 - 1 + 24 * 4 + 1)
        #expect(try find("2026-11-24", "2026-11-27", minutes: 601, in: zone).total == 0)
    }

    @Test("Each day of the week has its own hours, with breaks")
    func weekdays() throws {
        let zone = try zone()
        var days: [[Range<Int>]] = Array(repeating: [], count: 7)
        days[2] = [9 * 60..<12 * 60, 13 * 60..<15 * 60 + 30]
        let found = try find("2026-11-22", "2026-11-29", minutes: 150, hours: WeeklyHours(days: days), in: zone)
        #expect(starts(found, zone) == ["09:00:00-06:00", "09:15:00-06:00", "09:30:00-06:00", "13:00:00-06:00"])
    }

    @Test("Questions that nothing can answer have no slots")
    func nothing() throws {
        let zone = try zone()
        #expect(try find("2026-11-24", "2026-11-25", minutes: 0, in: zone).total == 0)
        #expect(try find("2026-11-24", "2026-11-25", minutes: .max, in: zone).total == 0)
        #expect(try find("2026-11-24", "2026-11-25", minutes: 5, buffer: .max, in: zone, limit: 0).total == 40)
        #expect(try find("2026-11-24", "2026-11-25", minutes: 5, hours: .init(days: []), in: zone).total == 0)
        let endless = Date(timeIntervalSince1970: -.infinity)..<Date(timeIntervalSince1970: .infinity)
        let question = FreeSlots.Question(
            range: try range("2026-11-24", "2026-11-25", zone), minutes: 5, hours: work, buffer: .max)
        #expect(FreeSlots.find(question, busy: [endless], zone: zone) == FreeSlots(slots: [], total: 0))
    }

    @Test("A visit at any minute is free in working time with its buffer kept")
    func oneSlot() throws {
        let zone = try zone()
        let busy = [try range("2026-11-24T10:00", "2026-11-24T11:00", zone)]
        func isFree(_ start: String, _ end: String) throws -> Bool {
            FreeSlots.isFree(try range(start, end, zone), hours: work, buffer: 15, busy: busy, zone: zone)
        }
        #expect(try isFree("2026-11-24T08:40", "2026-11-24T09:45"))
        #expect(try !isFree("2026-11-24T08:40", "2026-11-24T09:46"))
        #expect(try isFree("2026-11-24T11:15", "2026-11-24T18:00"))
        #expect(try !isFree("2026-11-24T11:14", "2026-11-24T12:00"))
        #expect(try !isFree("2026-11-24T17:30", "2026-11-24T18:01"))
        #expect(try !isFree("2026-11-24T07:59", "2026-11-24T09:00"))
    }
}
