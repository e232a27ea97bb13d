import Foundation
import JSON
import TestSupport

@testable import AtlasCore

/// A database, the store of calls and the linker: calls are written down in one line and linked.
struct CallDesk: Sendable {
    let kit: ContactsKit
    let store: CallTranscripts
    let linker: CallLinker

    static let business = "+12175550100"
    /// The customer's line, unless a test says otherwise.
    static let line = "+12175550134"

    init(businessContextID: String? = nil, ownNumbers: Set<String> = []) async throws {
        kit = try await ContactsKit(businessContextID: businessContextID)
        store = CallTranscripts(contacts: kit.contacts)
        linker = CallLinker(contacts: kit.contacts, ownNumbers: ownNumbers)
    }

    /// Writes a call down up to its extraction, and gives the claim back.
    @discardableResult
    func write(
        _ sid: String, from: String? = CallDesk.line, to: String? = CallDesk.business,
        direction: CallDirection? = .inbound,
        context: String? = nil, at: Date? = nil, summary: String? = nil, _ extracted: ExtractedCall = ExtractedCall()
    ) async throws -> CallTranscript {
        let worker = UUID()
        let facts = CallFacts(
            callSID: sid, fromNumber: from, toNumber: to, direction: direction, startedAt: at,
            businessContextID: context)
        let row = try await mine(store.claim(facts, by: worker, for: .seconds(30)))
        _ = try await store.keepTranscript("Hello, this is call \(sid).", of: row.id, by: worker)
        let kept = try await store.keepExtraction(
            extracted, summary: summary, proposedActions: [], of: row.id, by: worker)
        try await store.release(row.id, by: worker)
        return kept
    }

    /// Writes a call down and links it.
    @discardableResult
    func take(
        _ sid: String, from: String? = CallDesk.line, to: String? = CallDesk.business,
        direction: CallDirection? = .inbound,
        context: String? = nil, at: Date? = nil, summary: String? = nil, _ extracted: ExtractedCall = ExtractedCall()
    ) async throws -> CallLink {
        try await write(
            sid, from: from, to: to, direction: direction, context: context, at: at, summary: summary, extracted)
        return try await linker.link(sid)
    }

    func mine(_ claim: CallClaim) throws -> CallTranscript {
        guard case .mine(let row) = claim else { throw AtlasError(.conflict, "somebody else has the call") }
        return row
    }

    /// What a reference server writes: it knows none of the columns that came later.
    @discardableResult
    func insertAsReference(
        _ sid: String, from: String = CallDesk.line, status: String = "ready", data: JSON = [:], age: Int = 0
    )
        async throws -> UUID
    {
        let id: UUID? = try await kit.database.run {
            try $0.value(
                """
                INSERT INTO call_transcripts
                    (call_sid, from_number, to_number, business_context_id, transcript, extracted_data, status, created_at)
                VALUES (\(sid), \(from), '+12175550100', '', 'Hello', \(data), \(status), now() - make_interval(secs => \(Double(age))))
                RETURNING id
                """)
        }
        return id!
    }

    /// Contact and summary of the interactions of a call.
    func history(_ sid: String) async throws -> [(contact: UUID, summary: String?, at: Date)] {
        try await kit.database.run {
            try $0.query(
                "SELECT contact_id, summary, occurred_at FROM contact_interactions WHERE source_ref = \("call:" + sid)"
            ).map { (try $0.get(0), try $0.get(1), try $0.get(2)) }
        }
    }

    /// All that linking may write, whole; which column was touched last does not matter.
    func state() async throws -> [String] {
        try await kit.database.run {
            try $0.query(
                """
                SELECT row FROM (
                    SELECT 'a' || to_jsonb(c)::text AS row FROM contacts c
                    UNION ALL SELECT 'b' || to_jsonb(i)::text FROM contact_interactions i
                    UNION ALL SELECT 'c' || to_jsonb(t)::text FROM call_transcripts t) all_rows
                ORDER BY row
                """
            ).map { try $0.get(0) }
        }
    }

    /// Name, phones and e-mail addresses of every contact that is not archived, in an order that does not change.
    func people() async throws -> [String] {
        try await kit.contacts.list(limit: 200).contacts.map {
            ([$0.fullName] + $0.phones.sorted() + $0.emails.sorted()).joined(separator: " ")
        }.sorted()
    }
}
