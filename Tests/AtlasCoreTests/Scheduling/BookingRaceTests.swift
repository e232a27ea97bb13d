import Foundation
import TestSupport
import Testing

@testable import AtlasCore

@Suite struct BookingRaceTests {
    @Test(arguments: [0, 15])
    func hundredCallersForTenTimesNeverOverlap(buffer: Int) async throws {
        let kit = try await BookingKit { $0.buffer = buffer }
        let outcomes = await withTaskGroup(of: String.self) { group in
            for caller in 0..<100 {
                group.addTask {
                    let hour = 8 + caller % 10
                    let minute = caller % 3 * 20
                    return await refusal {
                        try await kit.book(
                            "Caller \(caller)", phone: "+1217555\(1000 + caller)",
                            time: "\(hour < 10 ? "0" : "")\(hour):\(minute == 0 ? "00" : "\(minute)")")
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        let booked = outcomes.count { $0 == "none" }
        #expect(outcomes.allSatisfy { $0 == "none" || $0 == "conflict time" || $0 == "invalid_argument time" })
        #expect(booked > 3)
        #expect(try await kit.value(kit.overlaps) == 0)
        #expect(
            try await kit.kit.count("appointments", where: "contact_id IS NOT NULL AND synced_revision = 1") == booked)
        #expect(try await kit.kit.count() == booked)
        #expect(try await kit.kit.count("contact_interactions") == booked)
        #expect(try await kit.kit.count("appointment_changes") == booked)
        #expect(kit.calendar.state.value.events.count == booked)
        if buffer > 0 {
            let near = try await kit.value(
                """
                SELECT count(*) FROM appointments a JOIN appointments b ON a.id <> b.id
                    AND a.start_time < b.end_time + interval '15 minutes' AND b.start_time < a.end_time + interval '15 minutes'
                """, as: Int.self)
            #expect(near == 0)
        }
    }

    @Test func fortyRepeatsOfOneKeyBookOnce() async throws {
        let kit = try await BookingKit()
        let outcomes = try await withThrowingTaskGroup(of: BookedAppointment.self) { group in
            for _ in 0..<40 { group.addTask { try await kit.book(email: "ann@example.com", key: "k") } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(outcomes.map(\.appointment.id)).count == 1)
        #expect(outcomes.count { !$0.replayed } == 1)
        #expect(try await kit.kit.count("appointments") == 1)
        #expect(try await kit.kit.count("contact_interactions") == 1)
        #expect(kit.letters.state.value.sent.count == 1)
    }

    @Test func oneCallerWhoBooksManyTimesIsOneContact() async throws {
        let kit = try await BookingKit()
        await withTaskGroup(of: Void.self) { group in
            for hour in 10..<18 { group.addTask { _ = try? await kit.book(time: "\(hour):00") } }
        }
        #expect(try await kit.kit.count("appointments") == 8)
        #expect(try await kit.kit.count() == 1)
        #expect(try await kit.kit.count("contact_interactions") == 8)
    }

    @Test func whoMovesAndWhoBooksAtOnceDoNotMeet() async throws {
        let kit = try await BookingKit()
        var ids: [UUID] = []
        for hour in 8..<13 {
            ids.append(
                try await kit.book(
                    "Caller \(hour)", phone: "+1217555\(1000 + hour)", time: "\(hour < 10 ? "0" : "")\(hour):00"
                ).appointment.id)
        }
        await withTaskGroup(of: Void.self) { group in
            for id in ids {
                group.addTask { _ = try? await kit.booking.reschedule(.id(id), date: "2026-11-25", time: "09:00") }
                group.addTask { _ = try? await kit.booking.reschedule(.id(id), date: "2026-11-25", time: "09:30") }
                group.addTask {
                    _ = try? await kit.book("New", phone: "+12175552000", date: "2026-11-25", time: "10:00")
                }
            }
        }
        #expect(try await kit.value(kit.overlaps) == 0)
        try await kit.passTime()
        _ = await kit.booking.resyncDue(limit: 50)
        let rows: [AppointmentSummary] = try await kit.kit.database.run {
            try $0.all("SELECT \(.appointment) FROM appointments WHERE status = 'confirmed'")
        }
        for row in rows { #expect(kit.calendar.events(of: row.id).map(\.start) == [row.startTime]) }
        #expect(
            try await kit.value("SELECT sum(revision) FROM appointments", as: Int.self)
                == kit.kit.count("appointment_changes"), "each revision has its line")
    }
}
