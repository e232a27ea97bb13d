import AtlasCore
import Logging
import Synchronization

/// Looks at all parts at once.
struct Doctor: Sendable {
    let configuration: Configuration
    /// The configuration file of the command line.
    let file: String?
    let atlas: Atlas
    let timeout: Duration
    /// A part that hangs keeps its thread, and none of the others'.
    let workers = Workers(limit: 2 * DoctorPart.allCases.count)
    let clocks = Clocks()

    /// What others said of the time.
    final class Clocks: Sendable {
        /// How many seconds the database's clock is ahead of ours.
        let database = Mutex<Double?>(nil)
    }

    init(configuration: Configuration, file: String?, logger: Logger, timeout: Duration) {
        self.configuration = configuration
        self.file = file
        self.timeout = timeout
        // What goes wrong is told by what is found.
        var quiet = logger
        if quiet.logLevel > .debug { quiet.logLevel = .critical }
        atlas = Atlas(configuration: configuration, logger: quiet)
    }

    /// - Parameter heard: gets what was found of each part, as soon as it is.
    func examine(_ parts: [DoctorPart], heard: @escaping @Sendable (Examination) -> Void) async -> DoctorReport {
        var examinations = await withTaskGroup(of: Examination.self) { group in
            for part in parts where part != .clock { group.addTask { await examine(part) } }
            var found: [Examination] = []
            for await examination in group {
                heard(examination)
                found.append(examination)
            }
            return found
        }
        if parts.contains(.clock) {
            let examination = await examine(.clock)
            heard(examination)
            examinations.append(examination)
        }
        let report = DoctorReport(examinations: parts.compactMap { part in examinations.first { $0.part == part } })
        // What hangs is not waited for: this process ends, and with it all that it has open.
        _ = try? await Deadline.within(.seconds(2), of: "", on: workers) { [atlas] in await atlas.close() }
        return report
    }

    private func examine(_ part: DoctorPart) async -> Examination {
        let start = ContinuousClock.now
        var findings: [Finding]
        do {
            findings = try await Deadline.within(timeout, of: part.title, on: workers) { try await look(at: part) }
        } catch {
            findings = [Finding(error, keys: part.keys(configuration), configuration: configuration)]
        }
        let took = ContinuousClock.now - start
        let redact = Redaction(configuration)
        findings = findings.map { redact($0) }
        return Examination(part: part, findings: findings, milliseconds: Int(took / .milliseconds(1)))
    }

    private func look(at part: DoctorPart) async throws -> [Finding] {
        // A bit less, so that what a provider says of it comes first: that tells more.
        let patience = timeout - min(.milliseconds(500), timeout / 10)
        switch part {
        case .configuration: return settings()
        case .zone: return try zone()
        case .approval: return try approval()
        case .home: return home()
        case .libraries: return libraries()
        case .database: return try await database()
        case .imap: return findings(try await atlas.imapHealth(within: patience), of: part)
        case .smtp: return findings(try await atlas.smtpHealth(within: patience), of: part)
        case .gmail: return findings(try await atlas.gmailHealth(), of: part)
        case .resend: return findings(try await atlas.resendHealth(), of: part)
        case .calendar: return try await calendar()
        case .telephony: return findings(try await atlas.telephonyHealth(), of: part)
        case .speech: return findings(try await atlas.speechHealth(), of: part)
        case .model: return findings(try await atlas.modelHealth(), of: part)
        case .clock: return clock()
        }
    }

    func findings(_ health: PartHealth?, of part: DoctorPart) -> [Finding] {
        guard let health else { return [.notConfigured(part.isUnset)] }
        let warnings = health.warnings.map {
            Finding(.warning, words: $0, keys: [], configuration: configuration)
        }
        return [.ok(health.facts)] + warnings
    }

    private func calendar() async throws -> [Finding] {
        var found = findings(try await atlas.calendarHealth(), of: .calendar)
        let google: [ConfigurationKey] = [
            .googleCalendarRefreshToken, .googleServiceAccountFile, .googleCalendarClientID,
        ]
        if found.first?.status == .notConfigured, let key = google.first(where: { configuration[$0] != nil }) {
            let fix = "Set \(ConfigurationKey.googleCalendarEnabled.name) to 1, or remove \(key.name)."
            found.append(
                .warning("Google Calendar has an account and is not switched on.", .googleCalendarEnabled, fix))
        }
        return found
    }
}
