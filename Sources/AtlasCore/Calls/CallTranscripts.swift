#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
import JSON

/// The calls that were written down, and how far the work on each has come.
///
/// One worker at a time has a call: it claims it, and says again and again that it is still there. Claims are rows with an end,
/// judged by the database's clock, so that they hold for every process and through a pooler. What a worker writes after it lost its
/// claim is refused with `conflict`.
public struct CallTranscripts: Sendable {
    let database: Database
    /// Where a number without country code is dialled.
    let region: String
    let businessContextID: String?

    /// - Parameter contacts: whose database, region and business the calls share.
    public init(contacts: Contacts) {
        database = contacts.database
        region = contacts.region
        businessContextID = contacts.businessContextID
    }

    /// The call, if it was written down.
    public func get(_ callSID: String) async throws -> CallTranscript? {
        try await database.look { try $0.first(Self.one(callSID), as: CallTranscript.self) }
    }

    /// The newest first.
    ///
    /// - Parameters:
    ///   - contactID: only this contact's.
    ///   - limit: 1…200.
    public func list(
        contactID: UUID? = nil, status: CallTranscriptStatus? = nil, limit: Int = 20
    ) async throws -> [CallTranscript] {
        let page = try PageRange(limit: limit, offset: 0)
        return try await database.look {
            try $0.all(Self.many(contactID: contactID, status: status, limit: page.limit))
        }
    }

    // MARK: Claims

    /// Takes the call for `worker` alone, and makes its row if there is none; facts that the row lacks are filled in.
    public func claim(_ facts: CallFacts, by worker: UUID, for time: Duration) async throws -> CallClaim {
        let call = try KnownCall(facts, region: region, defaultContext: businessContextID)
        return try await database.change { transaction in
            let rows = try transaction.commit(with: [
                // In line with everybody who may be making the row.
                "SELECT pg_advisory_xact_lock(1096043606, hashtext(\(call.callSID)))",
                Self.insert(call), Self.claim(call, by: worker, for: time), Self.one(call.callSID),
            ])
            if let mine = try rows[2].first.map(CallTranscript.init(row:)) { return .mine(mine) }
            guard let other = try rows[3].first.map(CallTranscript.init(row:)) else {
                throw DatabaseError(.serialization)
            }
            return .busy(other)
        }
    }

    /// Says that the worker is still there. False when somebody else has the call.
    public func keepClaim(_ id: UUID, by worker: UUID, for time: Duration) async throws -> Bool {
        try await database.write {
            try $0.execute(
                """
                UPDATE call_transcripts SET claimed_until = clock_timestamp() + \(Self.interval(time))
                WHERE id = \(id) AND worker = \(worker)
                """) > 0
        }
    }

    /// Gives the call back.
    public func release(_ id: UUID, by worker: UUID) async throws {
        _ = try await database.write {
            try $0.execute(
                """
                UPDATE call_transcripts SET worker = NULL, claimed_until = NULL WHERE id = \(id) AND worker = \(worker)
                """)
        }
    }

    // MARK: Steps

    /// Notes that `step` has begun: status `transcribing` or `extracting`.
    public func begin(_ step: CallStep, of id: UUID, by worker: UUID) async throws {
        let status: CallTranscriptStatus = step == .recording || step == .transcription ? .transcribing : .extracting
        _ = try await write(
            "status = \(status.rawValue), failed_step = NULL, error_message = NULL", of: id, by: worker)
    }

    /// - Parameter text: cleaned here; blank when nothing was said.
    public func keepTranscript(_ text: String, of id: UUID, by worker: UUID) async throws -> CallTranscript {
        let text = try TextLimit.transcript.optional(text) ?? ""
        return try await write(
            """
            transcript = \(text), transcribed_at = now(), status = 'extracting', failed_step = NULL, error_message = NULL
            """, of: id, by: worker)
    }

    public func keepExtraction(
        _ extraction: ExtractedCall, summary: String?, proposedActions: [JSON], of id: UUID, by worker: UUID
    ) async throws -> CallTranscript {
        let summary = summary?.cleaned(keepingLines: true).cutShort(at: 2000)
        return try await write(
            """
            extracted_data = \(extraction.tidied.json), summary = \(summary),
            proposed_actions = \(JSON.array(Array(proposedActions.prefix(20)))), processed_at = now(), status = 'extracting',
            failed_step = NULL, error_message = NULL
            """, of: id, by: worker)
    }

    /// Notes that `step` failed: status `error`. What earlier steps kept stays. The claim is released.
    public func fail(_ step: CallStep, _ reason: String, of id: UUID, by worker: UUID) async throws {
        let reason = reason.cleaned(keepingLines: true).cutShort(at: 1000)
        _ = try await write(
            """
            status = 'error', failed_step = \(step.rawValue), error_message = \(reason), worker = NULL, claimed_until = NULL
            """, of: id, by: worker)
    }

    private func write(_ assignments: Query, of id: UUID, by worker: UUID) async throws -> CallTranscript {
        let written: CallTranscript? = try await database.write {
            try $0.first(
                """
                UPDATE call_transcripts SET \(assignments) WHERE id = \(id) AND worker = \(worker)
                RETURNING \(.callTranscript)
                """)
        }
        guard let written else {
            throw AtlasError(
                .conflict, "Another worker has taken this call over meanwhile; its work counts.", parameter: "call_sid")
        }
        return written
    }
}

/// What is known of a call before anything is understood of it.
public struct CallFacts: Sendable, Equatable {
    public var callSID: String
    public var fromNumber: String?
    public var toNumber: String?
    public var direction: CallDirection?
    public var durationSeconds: Int?
    /// When the call began.
    public var startedAt: Date?
    public var businessContextID: String?

    public init(
        callSID: String, fromNumber: String? = nil, toNumber: String? = nil, direction: CallDirection? = nil,
        durationSeconds: Int? = nil, startedAt: Date? = nil, businessContextID: String? = nil
    ) {
        self.callSID = callSID
        self.fromNumber = fromNumber
        self.toNumber = toNumber
        self.direction = direction
        self.durationSeconds = durationSeconds
        self.startedAt = startedAt
        self.businessContextID = businessContextID
    }
}

public enum CallClaim: Sendable {
    case mine(CallTranscript)
    /// Another worker has it.
    case busy(CallTranscript)
}
