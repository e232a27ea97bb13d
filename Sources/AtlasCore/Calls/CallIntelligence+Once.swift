#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
import JSON

extension CallIntelligence {
    /// As ``save(_:transcript:extracted:)``; a repeat with the same key gets the first outcome back.
    ///
    /// - Throws: `conflict` when the key came with other arguments before.
    public func save(
        _ facts: CallFacts, transcript: String, extracted: ExtractedCall?, idempotencyKey: String?
    ) async throws -> DoneOnce<ProcessedCall> {
        guard let key = try TextLimit.idempotencyKey.optional(idempotencyKey) else {
            let outcome = try await save(facts, transcript: transcript, extracted: extracted)
            return DoneOnce(outcome: outcome, replayed: false, warnings: [])
        }
        let arguments: JSON = [
            "call_sid": .string(facts.callSID), "transcript": .string(transcript),
            "from_number": facts.fromNumber.map(JSON.string) ?? .null,
            "to_number": facts.toNumber.map(JSON.string) ?? .null,
            "direction": facts.direction.map { .string($0.rawValue) } ?? .null,
            "duration_seconds": facts.durationSeconds.map(JSON.integer) ?? .null,
            "business_context_id": facts.businessContextID.map(JSON.string) ?? .null,
            "extracted_data": extracted.map { .object($0.json) } ?? .null,
        ]
        let once = OnceOnly(tool: "save_call_transcript", key: key, arguments: arguments)
        let (outcome, replayed) = try await once.run(on: store.database) {
            try await save(facts, transcript: transcript, extracted: extracted)
        }
        return DoneOnce(outcome: outcome, replayed: replayed, warnings: [])
    }

    /// The call as it is written down, if it is.
    public func transcript(_ callSID: String) async throws -> CallTranscript? { try await store.get(callSID) }

    /// The newest first.
    public func transcripts(
        contactID: UUID?, status: CallTranscriptStatus?, limit: Int
    ) async throws -> [CallTranscript] {
        try await store.list(contactID: contactID, status: status, limit: limit)
    }

    /// What a model needs to think about the next steps after a call.
    ///
    /// - Throws: `not_found` when the call was not written down.
    public func followUp(_ callSID: String, of customers: CustomerContexts) async throws -> CallFollowUp {
        try await CallFollowUp(of: callSID, store: store, customers: customers)
    }
}
