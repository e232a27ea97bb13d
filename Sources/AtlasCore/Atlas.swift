import Logging

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The business layer of one server: what it needs, opened when it is first needed.
///
/// Making one opens nothing. ``close()`` closes what was opened, in reverse.
public final class Atlas: Sendable {
    public let configuration: Configuration
    public let home: Home
    /// The threads on which calls run and may block.
    public let workers = Workers()
    let logger: Logger
    let contactChanged: @Sendable (UUID) -> Void

    struct Opened: Sendable {
        var time: BusinessTime?
        var database: Database?
        var contacts: Contacts?
        var http: HTTPClient?
        var telephony: Telephony?
        var calls: CallIntelligence?
        var inbox: Inbox?
        var mailer: Mailer?
        var gmail: GmailAPI?
        var mailToken: OAuthToken?
        var calendars: (any CalendarProvider)?
        var audit: AuditLog?
    }
    let opened = Locked(Opened())
    /// How much is being done that ``close()`` waits for.
    let unfinished = Locked(0)

    /// - Parameter contactChanged: hears the id of every contact that this server changes, after the change is durable.
    public init(
        configuration: Configuration, logger: Logger, contactChanged: @escaping @Sendable (UUID) -> Void = { _ in }
    ) {
        self.configuration = configuration
        self.logger = logger
        self.contactChanged = contactChanged
        home = Home(configuration)
    }

    /// The business's time zone.
    ///
    /// - Throws: ``AtlasError`` `not_configured` when `ATLAS_TIMEZONE` names none.
    public var time: BusinessTime {
        get throws {
            try opened.withLock { opened in
                if let time = opened.time { return time }
                let time = BusinessTime(zone: try BusinessZone(named: configuration[.timeZone]))
                opened.time = time
                return time
            }
        }
    }

    /// The people the business deals with.
    ///
    /// - Throws: ``AtlasError`` `not_configured` when the settings it needs are wrong.
    public var contacts: Contacts {
        get throws {
            try opened.withLock { opened in
                if let contacts = opened.contacts { return contacts }
                let contacts = Contacts(
                    database: try database(&opened), region: try region.name,
                    businessContextID: configuration[.businessContext],
                    changed: contactChanged)
                opened.contacts = contacts
                return contacts
            }
        }
    }

    /// Where a phone number without country code is dialled, and that country code.
    var region: (name: String, callingCode: Int) {
        get throws {
            let region = (configuration[.defaultRegion] ?? "US").uppercased()
            guard let code = PhoneNumber.callingCode(of: region) else {
                throw AtlasError(
                    .notConfigured,
                    "\(ConfigurationKey.defaultRegion.name) must be a country as two letters (ISO 3166-1), like US, "
                        + "not \(region.prefix(20)).")
            }
            return (region, code)
        }
    }

    /// What brings a database up to date for a server with these settings.
    package var migrator: Migrator {
        get throws {
            let region = try region
            let settings = ["atlas.default_region": region.name, "atlas.calling_code": String(region.callingCode)]
            return Migrator(settings: settings, logger: logger)
        }
    }

    func database(_ opened: inout Opened) throws -> Database {
        if let database = opened.database { return database }
        let migrator = try migrator
        let database = Database(
            source: try DatabaseSource(configuration), options: try DatabaseOptions(configuration),
            workers: workers, logger: logger, admit: MovedMark.check
        ) { connection in
            try migrator.migrate(connection)
        }
        opened.database = database
        return database
    }

    /// Closes what was opened.
    ///
    /// Waits a while for what is being done ``beforeClosing(_:)``, and for the audit log.
    public func close() async {
        let end = ContinuousClock.now + .seconds(3)
        while unfinished.withLock({ $0 > 0 }), ContinuousClock.now < end {
            try? await Task.sleep(for: .milliseconds(5))
        }
        await opened.withLock({ $0.audit })?.flush(within: .seconds(2))
        let last = opened.withLock { opened in
            defer { opened = Opened() }
            return opened
        }
        await last.inbox?.close()
        await last.http?.close()
        await last.database?.close()
    }
}
