#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
import JSON

extension CallTranscripts {
    /// Takes the call for `worker` alone, and makes its row if there is none; facts that the row lacks are filled in.
    ///
    /// One exchange with the database. A claim that its own worker makes again is renewed.
    ///
    /// - Throws: ``AtlasError`` `invalid_argument` naming the parameter.
    public func claim(_ facts: CallFacts, by worker: UUID, for time: Duration) async throws -> CallClaim {
        let facts = try facts.checked(region: region, defaultContext: businessContextID)
        let statements = Self.claiming(facts, id: UUID.timeOrdered(), by: worker, for: time)
        return try await database.change { transaction in
            let rows = try transaction.commit(with: statements)
            if let row = rows[1].first { return .mine(try CallTranscript(row: row)) }
            guard let row = rows[2].first else {
                throw AtlasError(.unavailable, "The call \(facts.callSID) was just deleted. Try again.")
            }
            return .busy(try CallTranscript(row: row))
        }
    }

    /// The row is made unless there is one, taken unless somebody has it, and shown. A row is ours by the unique index
    /// `call_transcripts_worked`: of two servers that make it at once, one waits and then finds the other's.
    static func claiming(_ facts: CallFacts, id: UUID, by worker: UUID, for time: Duration) -> [Query] {
        [
            """
            INSERT INTO call_transcripts (id, call_sid, worked_call_sid, from_number, to_number, business_context_id)
            SELECT \(id), \(facts.callSID), \(facts.callSID), '', '', ''
            WHERE NOT EXISTS (SELECT FROM call_transcripts WHERE call_sid = \(facts.callSID))
            ON CONFLICT (worked_call_sid) WHERE worked_call_sid IS NOT NULL DO NOTHING
            """,
            """
            UPDATE call_transcripts AS t
            SET worked_call_sid = t.call_sid, worker = \(worker), claimed_until = \(.deadline(after: time)),
                from_number = coalesce(nullif(t.from_number, ''), \(facts.fromNumber), ''),
                to_number = coalesce(nullif(t.to_number, ''), \(facts.toNumber), ''),
                business_context_id = coalesce(nullif(t.business_context_id, ''), \(facts.businessContextID), ''),
                direction = coalesce(nullif(t.direction, ''), \(facts.direction?.rawValue)),
                duration_seconds = coalesce(t.duration_seconds, \(facts.durationSeconds.map(Int32.init))),
                started_at = coalesce(t.started_at, \(facts.startedAt))
            WHERE t.id = \(.idOfCall(facts.callSID))
                AND (t.worker IS NULL OR t.worker = \(worker) OR t.claimed_until IS NULL
                    OR t.claimed_until <= clock_timestamp())
            RETURNING \(.callTranscript)
            """,
            call(facts.callSID),
        ]
    }

    /// Says that the worker is still there. False when somebody else has the call.
    public func keepClaim(_ id: UUID, by worker: UUID, for time: Duration) async throws -> Bool {
        try await set("claimed_until = \(.deadline(after: time))", of: id, by: worker)
    }

    /// Gives the call back. No error when it is somebody else's by now.
    public func release(_ id: UUID, by worker: UUID) async throws {
        _ = try await set("worker = NULL, claimed_until = NULL", of: id, by: worker)
    }

    /// Notes that `step` has begun: status `transcribing` or `extracting`. An earlier failure is forgotten.
    public func begin(_ step: CallStep, of id: UUID, by worker: UUID) async throws {
        let status: CallTranscriptStatus =
            switch step {
            case .recording, .transcription: .transcribing
            case .extraction, .linking: .extracting
            }
        let begun = try await set(
            "status = \(status.rawValue), failed_step = NULL, error_message = NULL", of: id, by: worker)
        if !begun { throw AtlasError.lostClaim }
    }

    /// Keeps what was said. What had been understood of another transcript counts no more.
    ///
    /// - Parameter text: at most 1,000,000 characters.
    /// - Throws: ``AtlasError`` `invalid_argument` when it is longer, `conflict` when the claim is lost.
    public func keepTranscript(_ text: String, of id: UUID, by worker: UUID) async throws -> CallTranscript {
        let text = try TextLimit.keptTranscript.optional(text) ?? ""
        return try await write(
            """
            transcript = \(text), transcribed_at = clock_timestamp(),
            processed_at = CASE WHEN t.transcript IS NULL OR t.transcript = \(text) THEN t.processed_at END
            """, of: id, by: worker)
    }

    /// Keeps what was understood, its texts cleaned and cut to what the columns hold.
    ///
    /// - Throws: ``AtlasError`` `conflict` when the claim is lost.
    public func keepExtraction(
        _ extraction: ExtractedCall, summary: String?, proposedActions: [JSON], of id: UUID, by worker: UUID
    ) async throws -> CallTranscript {
        let summary = summary?.cleaned(keepingLines: true).cutShort(at: TextLimit.summary.longest)
        let actions = JSON.array(OutsideJSON.cleaned(proposedActions))
        return try await write(
            """
            extracted_data = \(extraction.tidied.json), summary = \(summary?.isEmpty == true ? nil : summary),
            proposed_actions = \(actions), processed_at = clock_timestamp()
            """, of: id, by: worker)
    }

    /// Notes that `step` failed: status `error`. What earlier steps kept stays. The claim is released.
    ///
    /// - Throws: ``AtlasError`` `conflict` when the claim is lost.
    public func fail(_ step: CallStep, _ reason: String, of id: UUID, by worker: UUID) async throws {
        let reason = reason.cleaned(keepingLines: true).cutShort(at: 2000)
        let failed = try await set(
            """
            status = 'error', failed_step = \(step.rawValue), error_message = \(reason), worker = NULL,
            claimed_until = NULL
            """, of: id, by: worker)
        if !failed { throw AtlasError.lostClaim }
    }

    // MARK: One row, while it is the worker's

    /// - Returns: false when the call is not the worker's any more.
    private func set(_ columns: Query, of id: UUID, by worker: UUID) async throws -> Bool {
        try await database.write {
            try $0.execute("UPDATE call_transcripts AS t SET \(columns) WHERE t.id = \(id) AND t.worker = \(worker)")
        } == 1
    }

    private func write(_ columns: Query, of id: UUID, by worker: UUID) async throws -> CallTranscript {
        let row: CallTranscript? = try await database.write {
            try $0.first(
                """
                UPDATE call_transcripts AS t SET \(columns) WHERE t.id = \(id) AND t.worker = \(worker)
                RETURNING \(.callTranscript)
                """)
        }
        guard let row else { throw AtlasError.lostClaim }
        return row
    }
}

extension Query {
    /// The moment `time` from now, by the database's clock.
    fileprivate static func deadline(after time: Duration) -> Query {
        "clock_timestamp() + make_interval(secs => \(time / .seconds(1)))"
    }
}

extension AtlasError {
    fileprivate static let lostClaim = AtlasError(
        .conflict,
        "Another worker has taken the call over, so this was not saved. See get_call_transcript for what became of it.",
        parameter: "call_sid")
}
