#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Calendars that are kept in the database, so that a business without an account elsewhere has one.
///
/// An event is kept as the iCalendar object that a CalDAV server would keep, and goes through the same code. Calendars are made when they
/// are first asked for.
final class LocalCalendars: CalendarProvider {
    let name = "local"
    let database: Database
    let zone: BusinessZone
    let businessContextID: String
    /// The calendars that are to be there; the first is the primary one, unless there is one already.
    private let names: [String]
    private let areMade = Locked(false)

    init(database: Database, zone: BusinessZone, businessContextID: String? = nil, names: [String] = ["Calendar"]) {
        self.database = database
        self.zone = zone
        self.businessContextID = businessContextID ?? ""
        self.names = names
    }

    /// - Throws: ``AtlasError`` `not_configured` that names the variable which is wrong.
    convenience init(_ configuration: Configuration, time: BusinessTime, database: Database) throws(AtlasError) {
        let key = ConfigurationKey.localCalendars
        let given = configuration[key] ?? "Calendar"
        var names: [String] = []
        for name in given.split(separator: ",").map({ String($0).cleaned() }) where !name.isEmpty {
            if !names.contains(name) { names.append(name) }
        }
        guard (1...50).contains(names.count), names.allSatisfy({ $0.utf8.count <= 200 }) else {
            throw AtlasError(
                .notConfigured,
                "\(key.name) must name at least one calendar and at most 50, each in at most 200 characters, separated by commas."
            )
        }
        self.init(
            database: database, zone: time.zone, businessContextID: configuration[.businessContext], names: names)
    }

    func calendars() async throws -> [CalendarInfo] {
        try await database.look { connection in
            try ask(
                connection,
                """
                SELECT id, name, color, is_primary FROM calendars WHERE business_context_id = \(businessContextID)
                ORDER BY is_primary DESC, created_at, id
                """
            ).map { row in
                CalendarInfo(
                    id: Self.text(try row.get("id")), name: try row.get("name"), primary: try row.get("is_primary"),
                    readOnly: false, provider: name, color: try row.get("color"))
            }
        }
    }

    /// Makes a calendar, unless there is one of that name.
    @discardableResult
    func makeCalendar(name: String, color: String? = nil) async throws -> String {
        try await database.write { connection in
            let rows = try ask(
                connection,
                """
                INSERT INTO calendars (id, business_context_id, name, color)
                VALUES (\(UUID.timeOrdered()), \(businessContextID), \(name), \(color))
                ON CONFLICT (business_context_id, name) DO UPDATE SET name = excluded.name RETURNING id
                """)
            guard let row = rows.first else { throw missing(name) }
            return Self.text(try row.get("id"))
        }
    }

    // MARK: -

    /// Asks in one exchange, with what makes the calendars before it where that has not been done yet.
    func ask(_ connection: Connection, _ query: Query) throws -> Rows { try ask(connection, [query])[0] }

    func ask(_ connection: Connection, _ queries: [Query]) throws -> [Rows] {
        if areMade.withLock({ $0 }) { return try connection.pipeline(queries) }
        let primary: Query = """
            INSERT INTO calendars (id, business_context_id, name, is_primary)
            SELECT \(UUID.timeOrdered()), \(businessContextID), \(names[0]), true
            WHERE NOT EXISTS (SELECT FROM calendars WHERE business_context_id = \(businessContextID) AND is_primary)
            ON CONFLICT DO NOTHING
            """
        let others = names.map { name -> Query in
            """
            INSERT INTO calendars (id, business_context_id, name)
            VALUES (\(UUID.timeOrdered()), \(businessContextID), \(name)) ON CONFLICT DO NOTHING
            """
        }
        let rows = try connection.pipeline([primary] + others + queries)
        areMade.withLock { $0 = true }
        return Array(rows.dropFirst(1 + others.count))
    }

    /// Which calendar is meant: the primary one, or one by its id or its name.
    func condition(_ calendar: String?) -> Query {
        guard let calendar, calendar != "primary" else {
            return "business_context_id = \(businessContextID) AND is_primary"
        }
        guard let id = UUID(canonical: calendar) else {
            return "business_context_id = \(businessContextID) AND name = \(calendar)"
        }
        return "business_context_id = \(businessContextID) AND id = \(id)"
    }

    /// A calendar that is not there; it may have been deleted with all others.
    func missing(_ calendar: String?) -> AtlasError {
        areMade.withLock { $0 = false }
        return AtlasError(
            .notFound, "There is no such calendar. list_calendars tells those there are.", parameter: "calendar_id")
    }

    static func text(_ id: UUID) -> String { id.uuidString.lowercased() }
}
