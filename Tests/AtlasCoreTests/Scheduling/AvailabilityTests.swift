import Foundation
import TestSupport
import Testing

@testable import AtlasCore

@Suite struct AvailabilityTests {
    @Test func daysTellHoursAndWhatIsFree() async throws {
        let kit = try await BookingKit { $0.buffer = 30 }
        try await kit.book(time: "09:00", minutes: 480)
        let start = try kit.moment("2026-11-25T08:00")
        kit.calendar.state.update { $0.others = [start..<start.addingTimeInterval(8 * 3600)] }
        let answer = try await kit.booking.availability(date: "2026-11-24", daysAhead: 6)
        #expect(answer.days.map(\.date).first == "2026-11-24")
        #expect(answer.days.map(\.weekday) == ["Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"])
        #expect(answer.closed == ["2026-11-28", "2026-11-29"])
        #expect(answer.days[0].hours == ["08:00–18:00"])
        #expect(answer.days[0].total == 0)
        #expect(
            answer.days[1].free.map(\.when) == [
                "Wed 25 Nov 2026, 16:30–17:30 CST", "Wed 25 Nov 2026, 16:45–17:45 CST",
                "Wed 25 Nov 2026, 17:00–18:00 CST",
            ])
        #expect(answer.days[2].total == 37)
        #expect(answer.days[2].free.count == 20)
        #expect(answer.total == answer.days.map(\.total).reduce(0, +))
        #expect(answer.durationMinutes == 60)
        #expect(answer.timezone == "America/Chicago")
        #expect(answer.warnings.isEmpty)
    }

    @Test func whatIsOfferedCanBeBooked() async throws {
        let kit = try await BookingKit { $0.buffer = 15 }
        try await kit.insertAsReference("2026-11-23T13:10", minutes: 45)
        while let free = try await kit.booking.availability(date: "2026-11-23", daysAhead: 1).days[0].free.first {
            try await kit.book(date: "2026-11-23", time: String(kit.time.iso8601(free.start).dropFirst(11).prefix(5)))
        }
        #expect(try await kit.value(kit.overlaps) == 0)
        #expect(try await kit.kit.count("appointments") == 7)
    }

    @Test func todayBeginsAfterTheNotice() async throws {
        let kit = try await BookingKit(now: "2026-11-23T10:20")
        let today = try await kit.booking.availability(date: "2026-11-23", daysAhead: 1).days[0]
        #expect(today.free.first?.when == "Mon 23 Nov 2026, 11:30–12:30 CST")
    }

    @Test func aCalendarThatFailsIsToldOf() async throws {
        let kit = try await BookingKit()
        kit.calendar.set(.failing)
        let answer = try await kit.booking.availability(date: "2026-11-24", daysAhead: 31)
        #expect(answer.warnings.count == 1)
        #expect(answer.total > 0)
        #expect(answer.days.allSatisfy { $0.free.count <= 6 })
    }

    @Test(arguments: [("2026-11-22", 1, "date"), ("2026-11-24", 0, "days_ahead"), ("2026-11-24", 32, "days_ahead")])
    func whatCannotBeAskedIsRefused(date: String, days: Int, parameter: String) async throws {
        let kit = try await BookingKit()
        #expect(
            await refusal { try await kit.booking.availability(date: date, daysAhead: days) }
                == "invalid_argument \(parameter)")
    }

    @Test func appointmentsAreBusyUntilTheCalendarShowsThem() async throws {
        let kit = try await BookingKit()
        try await kit.book()
        try await kit.insertAsReference("2026-11-24T11:00")
        let range = try kit.moment("2026-11-24T00:00")..<kit.moment("2026-11-25T00:00")
        #expect(try await kit.booking.busy(in: range).count == 2)
        #expect(
            try await kit.booking.busy(in: range, unsyncedOnly: true).map(\.lowerBound) == [
                try kit.moment("2026-11-24T11:00")
            ])
    }
}
