import Foundation
import TestSupport

@testable import AtlasCore

/// A built-in calendar in Chicago on a database of its own.
struct LocalCalendarsKit {
    let kit: ContactsKit
    let calendars: LocalCalendars
    let time: BusinessTime

    init(zone: String = "America/Chicago", names: [String] = ["Calendar"]) async throws {
        kit = try await ContactsKit()
        time = BusinessTime(zone: try BusinessZone(named: zone))
        calendars = LocalCalendars(database: kit.database, zone: time.zone, names: names)
    }

    /// As another server on the same database sees it.
    func again(context: String? = nil, names: [String] = ["Calendar"]) -> LocalCalendars {
        LocalCalendars(database: kit.base.open(), zone: time.zone, businessContextID: context, names: names)
    }

    func date(_ text: String) throws -> Date { try time.read(text, parameter: "time").start }
    func range(_ start: String, _ end: String) throws -> Range<Date> { try date(start)..<date(end) }

    func draft(_ summary: String, _ start: String, _ end: String, uid: String? = nil, recurrence: String? = nil) throws
        -> EventDraft
    {
        EventDraft(
            uid: uid ?? UUID().uuidString, summary: summary, span: .moments(try range(start, end)),
            recurrence: recurrence)
    }

    /// The starts of a listing, as the clock on the wall shows them.
    func starts(_ start: String, _ end: String, limit: Int = 100) async throws -> [String] {
        try await calendars.events(in: range(start, end), of: nil, limit: limit).events
            .map { String(time.iso8601($0.start).prefix(22)) }
    }
}
