import Foundation
import JSON
import Logging
import TestSupport
import Testing

@testable import AtlasCore

@Suite("The audit log is written behind everybody's back")
struct AuditLogTests {
    /// A log on a database of its own, which can be taken away.
    private struct Kit: Sendable {
        let contacts: ContactsKit
        let isAway = Shared(false)
        let asked = Shared(0)
        let warnings = Warnings()
        let log: AuditLog

        init() async throws {
            contacts = try await ContactsKit()
            let (database, isAway, asked, warnings) = (contacts.database, isAway, asked, warnings)
            log = AuditLog(workers: TestDatabase.workers, logger: Logger(label: "audit") { _ in warnings }) {
                asked.count()
                if isAway.value { throw AtlasError(.unavailable, "The database is away.") }
                return database
            }
        }

        func record(_ tool: String = "create_contact", milliseconds: Double = 1) {
            log.record { AuditLogTests.entry(tool, milliseconds) }
        }
    }

    /// Keeps what is warned of.
    private struct Warnings: LogHandler {
        let lines = Shared<[String]>([])
        var metadata = Logger.Metadata()
        var logLevel = Logger.Level.warning
        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }
        func log(event: LogEvent) {
            lines.update { $0.append("\(event.metadata?["calls"] ?? "")") }
        }
    }

    private static func entry(_ tool: String, _ milliseconds: Double = 1) -> AuditEntry {
        AuditEntry(
            calledAt: Date(), server: "atlas-crm", clientName: "tests", clientVersion: nil, tool: tool,
            arguments: ["full_name": "Ann"], outcome: "success", milliseconds: milliseconds, approval: nil)
    }

    @Test func allIsWrittenBeforeTheEndAndReadBackTheNewestFirst() async throws {
        let kit = try await Kit()
        for number in 0..<250 {
            kit.record(number % 2 == 0 ? "create_contact" : "delete_contact", milliseconds: Double(number))
        }
        await kit.log.flush(within: .seconds(60))
        #expect(try await kit.contacts.count("audit_log") == 250)
        let all = try await AuditEntry.list(
            on: kit.contacts.database, since: nil, tool: "delete_contact", outcome: nil, limit: 3)
        #expect(all.map(\.milliseconds) == [249, 247, 245])
        #expect(kit.warnings.lines.value.isEmpty)
        let none = try await AuditEntry.list(
            on: kit.contacts.database, since: Date(timeIntervalSinceNow: 60), tool: nil, outcome: nil, limit: 3)
        #expect(none.isEmpty)
    }

    @Test func aDatabaseThatIsAwayForAWhileLosesNothing() async throws {
        let kit = try await Kit()
        kit.isAway.update { $0 = true }
        for _ in 0..<20 { kit.record() }
        while kit.asked.value < 2 { try await Task.sleep(for: .milliseconds(5)) }
        kit.isAway.update { $0 = false }
        while try await kit.contacts.count("audit_log") < 20 { try await Task.sleep(for: .milliseconds(20)) }
        await kit.log.flush(within: .seconds(60))
        #expect(try await kit.contacts.count("audit_log") == 20)
        #expect(kit.warnings.lines.value.isEmpty)
    }

    @Test func whatComesWhileItIsAwayForLongIsBoundedAndCounted() async throws {
        let kit = try await Kit()
        kit.isAway.update { $0 = true }
        for _ in 0..<(AuditLog.most + 500) { kit.record() }
        await kit.log.flush(within: .seconds(60))
        #expect(try await kit.contacts.count("audit_log") == 0)
        #expect(kit.warnings.lines.value.compactMap(Int.init).reduce(0, +) == AuditLog.most + 500)
    }

    @Test func aRowThatCannotBeWrittenCostsOnlyItself() async throws {
        let kit = try await Kit()
        kit.isAway.update { $0 = true }
        for number in 0..<10 { kit.record(number == 4 ? "a\u{0}b" : "create_contact") }
        while kit.asked.value < 1 { try await Task.sleep(for: .milliseconds(5)) }
        kit.isAway.update { $0 = false }
        while try await kit.contacts.count("audit_log") < 9 { try await Task.sleep(for: .milliseconds(20)) }
        await kit.log.flush(within: .seconds(60))
        #expect(try await kit.contacts.count("audit_log") == 9)
        #expect(kit.warnings.lines.value == ["1"])
    }

    @Test func aRowThatWasWrittenBeforeTheConnectionWasLostIsNotWrittenTwice() async throws {
        let kit = try await ContactsKit()
        let row = Self.entry("create_contact").insertion
        for _ in 0..<2 { try await kit.execute(row) }
        #expect(try await kit.count("audit_log") == 1)
    }

    @Test func whatHoldsACallIsLetGoOfAtOnce() async throws {
        final class Attachment: Sendable { let octets = [UInt8](repeating: 0, count: 1024) }
        let kit = try await Kit()
        kit.isAway.update { $0 = true }
        var held: Attachment? = Attachment()
        weak let watched = held
        kit.log.record { [held] in
            _ = held
            return Self.entry("send_email")
        }
        held = nil
        while watched != nil { try await Task.sleep(for: .milliseconds(5)) }
        await kit.log.flush(within: .seconds(60))
        #expect(kit.warnings.lines.value == ["1"])
    }
}
