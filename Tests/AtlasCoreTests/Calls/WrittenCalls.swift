import AtlasCore
import Foundation
import JSON
import TestSupport

/// A database with calls that are written down by hand, step by step.
struct WrittenCalls: Sendable {
    let kit: ContactsKit
    let store: CallTranscripts
    let linker: CallLinker

    /// The line on which the business is called.
    static let business = "+12175550100"

    init(businessContextID: String? = nil) async throws {
        self.init(try await ContactsKit(businessContextID: businessContextID))
    }

    init(_ kit: ContactsKit) {
        self.kit = kit
        store = CallTranscripts(contacts: kit.contacts)
        linker = CallLinker(contacts: kit.contacts, ownNumbers: [Self.business])
    }

    /// What is known of an inbound call from `number`.
    static func inbound(_ callSID: String, from number: String?, business: String? = nil) -> CallFacts {
        CallFacts(
            callSID: callSID, fromNumber: number, toNumber: Self.business, direction: .inbound, durationSeconds: 65,
            businessContextID: business)
    }

    /// Writes the call down as a worker does, up to the step before linking.
    @discardableResult
    func write(
        _ facts: CallFacts, _ text: String = "Hello?", _ extracted: ExtractedCall = ExtractedCall(),
        summary: String? = nil
    ) async throws -> CallTranscript {
        let worker = UUID()
        guard case .mine(let row) = try await store.claim(facts, by: worker, for: .seconds(30)) else {
            throw AtlasError(.conflict, "\(facts.callSID) is somebody else's")
        }
        _ = try await store.keepTranscript(text, of: row.id, by: worker)
        let kept = try await store.keepExtraction(
            extracted, summary: summary, proposedActions: [], of: row.id, by: worker)
        try await store.release(row.id, by: worker)
        return kept
    }

    /// Writes the call down and links it.
    @discardableResult
    func link(_ facts: CallFacts, _ extracted: ExtractedCall = ExtractedCall()) async throws -> CallLink {
        try await write(facts, "Hello?", extracted)
        return try await linker.link(facts.callSID)
    }

    /// Rows as JSON texts, in an order that does not change.
    func rows(_ query: Query) async throws -> [String] {
        try await kit.database.run { try $0.query(query).map { try $0.get(0) } }
    }

    /// Everything in `contacts` and `contact_interactions`, to the last column.
    func everything() async throws -> [String] {
        try await rows(
            """
            SELECT 'contact ' || to_jsonb(c)::text AS row FROM contacts c
            UNION ALL SELECT 'interaction ' || to_jsonb(i)::text FROM contact_interactions i
            ORDER BY 1
            """)
    }

    /// The interactions of one call: whose they are, and what they say.
    func interactions(of callSID: String) async throws -> [LoggedLine] {
        try await kit.database.run {
            try $0.query(
                """
                SELECT contact_id, interaction_type, summary, metadata, occurred_at FROM contact_interactions
                WHERE source_ref = \("call:" + callSID)
                """
            ).map {
                LoggedLine(
                    contactID: try $0.get("contact_id"), type: try $0.get("interaction_type"),
                    summary: try $0.get("summary"), metadata: try $0.get("metadata"),
                    occurredAt: try $0.get("occurred_at"))
            }
        }
    }

    struct LoggedLine: Equatable {
        var contactID: UUID
        var type: String
        var summary: String?
        var metadata: JSON
        var occurredAt: Date
    }
}

extension WrittenCalls {
    /// What a reference server does: it knows nothing of our columns, and writes a row for every time it works on a call.
    func insertAsReference(_ callSID: String, summary: String) async throws {
        try await kit.execute(
            """
            INSERT INTO call_transcripts (call_sid, from_number, to_number, business_context_id, summary)
            VALUES (\(callSID), '+12175550134', '+12175550100', 'prairie', \(summary))
            """)
    }

    /// Takes the call and gives its id.
    func take(_ facts: CallFacts, _ worker: UUID, for time: Duration = .seconds(30)) async throws -> UUID {
        guard case .mine(let row) = try await store.claim(facts, by: worker, for: time) else {
            throw AtlasError(.conflict, "somebody else has \(facts.callSID)")
        }
        return row.id
    }
}
