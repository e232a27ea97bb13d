import Foundation
import TestSupport
import Testing

@testable import AtlasCore

@Suite("A source that fails takes no other down")
struct ContextFailureTests {
    @Test(
        "A table that is gone is named, and the rest is there",
        arguments: [
            ("contact_interactions", ["interactions", "open_follow_ups"]),
            ("appointments", ["appointments", "open_follow_ups"]),
            ("call_transcripts", ["call_transcripts", "open_follow_ups"]), ("sent_emails", ["sent_emails"]),
        ])
    func missingTable(table: String, sources: [String]) async throws {
        let kit = try await ContextKit()
        let maria = try await kit.maria()
        try await kit.fill(maria.id, count: 3)
        // Also where the statements were prepared when the table was there.
        _ = try await kit.context(.id(maria.id))
        try await kit.kit.database.run { try $0.script("ALTER TABLE \(table) RENAME TO elsewhere") }
        for _ in 0..<2 {
            let context = try await kit.context(.id(maria.id))
            #expect(context.unavailable.keys.sorted() == sources)
            let counts = [
                "interactions": context.counts.interactions, "appointments": context.counts.appointments,
                "call_transcripts": context.counts.callTranscripts, "sent_emails": context.counts.sentEmails,
            ]
            for (source, count) in counts { #expect(count == (sources.contains(source) ? nil : 3), "\(source)") }
            #expect(context.interactions.count == (context.counts.interactions ?? 0))
            #expect(context.contact?.id == maria.id && context.lastContactAt != nil)
            for reason in context.unavailable.values { #expect(!reason.contains("SELECT") && !reason.isEmpty) }
        }
    }

    @Test("A column of another type, and a value that nobody expects, are failures of their source alone")
    func strangeValues() async throws {
        let kit = try await ContextKit()
        let maria = try await kit.maria()
        try await kit.fill(maria.id, count: 2)
        try await kit.kit.database.run {
            try $0.script("ALTER TABLE contact_interactions ALTER summary TYPE int USING 7")
        }
        let context = try await kit.context(.id(maria.id))
        #expect(context.unavailable.keys.sorted() == ["interactions"])
        #expect(context.callTranscripts.count == 2)
    }

    @Test("A table that somebody holds is given up after its time, and the others are there")
    func heldTable() async throws {
        let kit = try await ContextKit(patience: .seconds(2))
        let maria = try await kit.maria()
        try await kit.fill(maria.id, count: 2)
        try await kit.kit.database.transaction { transaction in
            try transaction.execute("LOCK TABLE appointments IN ACCESS EXCLUSIVE MODE")
            let context = try blocking { try await kit.context(.id(maria.id)) }
            #expect(context.unavailable.keys.sorted() == ["appointments", "open_follow_ups"])
            #expect(context.unavailable["appointments"]?.contains("too long") == true)
            #expect(context.counts.interactions == 2 && context.counts.sentEmails == 2)
        }
        // The connection is as good as before.
        #expect(try await kit.context(.id(maria.id)).unavailable.isEmpty)
    }

    @Test("Without the contact there is no result, and the error says why")
    func withoutTheContact() async throws {
        let kit = try await ContextKit()
        let maria = try await kit.maria()
        try await kit.kit.database.run { try $0.script("ALTER TABLE contacts RENAME TO elsewhere") }
        #expect(await refusal { try await kit.context(.id(maria.id)) } == "internal")
        #expect(await refusal { try await kit.context(.phone("217-555-0134")) } == "internal")
    }

    /// A transaction cannot wait for a task; a thread of its own can.
    private func blocking<R: Sendable>(_ body: @escaping @Sendable () async throws -> R) throws -> R {
        let done = DispatchSemaphore(value: 0)
        let outcome = Locked<Result<R, any Error>?>(nil)
        Task {
            let result: Result<R, any Error>
            do { result = .success(try await body()) } catch { result = .failure(error) }
            outcome.withLock { $0 = result }
            done.signal()
        }
        done.wait()
        return try #require(outcome.withLock { $0 }).get()
    }
}
