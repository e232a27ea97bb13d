import JSON

extension CallTranscript: Record {
    public init(row: Row) throws {
        id = try row.get("id")
        callSID = try row.get("call_sid")
        fromNumber = try row.get("from_number")
        toNumber = try row.get("to_number")
        direction = try row.get("direction", as: String?.self).flatMap(\.nonBlank)
        businessContextID = try row.get("business_context_id", as: String.self).nonBlank
        contactID = try row.get("contact_id")
        durationSeconds = try row.get("duration_seconds")
        transcript = try row.get("transcript")
        transcribedAt = try row.get("transcribed_at")
        summary = try row.get("summary")
        // Another program may have put anything there.
        extractedData = try row.get("extracted_data", as: JSON?.self)?.object ?? [:]
        proposedActions = try row.get("proposed_actions", as: JSON?.self)?.items ?? []
        processedAt = try row.get("processed_at")
        status = try row.get("status")
        failedStep = try row.get("failed_step")
        errorMessage = try row.get("error_message")
        notified = try row.get("notified", as: Bool?.self) ?? false
        createdAt = try row.get("created_at")
        startedAt = try row.get("started_at")
        linkedAt = try row.get("linked_at")
    }
}

extension String {
    fileprivate var nonBlank: String? { isEmpty ? nil : self }
}

extension Query {
    /// The columns of a ``CallTranscript`` in a statement that calls its table `t`.
    static let callTranscript: Query = callTranscript(text: "t.transcript")

    /// The same with something else in place of the transcript, which may be long.
    static func callTranscript(text: Query) -> Query {
        """
        t.id, t.call_sid, t.from_number, t.to_number, t.direction, t.business_context_id, t.contact_id, t.duration_seconds, \
        \(text) AS transcript, t.transcribed_at, t.summary, t.extracted_data, t.proposed_actions, t.processed_at, t.status, \
        t.failed_step, t.error_message, t.notified, t.created_at, t.started_at, t.linked_at
        """
    }

    /// The id of a call's row: where a reference server wrote several, the one that we work on, else the oldest.
    static func idOfCall(_ callSID: String) -> Query {
        """
        (SELECT p.id FROM call_transcripts p WHERE p.call_sid = \(callSID)
            ORDER BY p.worked_call_sid IS NULL, p.created_at, p.id LIMIT 1)
        """
    }
}

extension CallTranscript: SizedRow {
    var octets: Int {
        let texts = [
            callSID, fromNumber, toNumber, direction, businessContextID, transcript, summary, status, errorMessage,
        ]
        return texts.reduce(900) { $0 + ($1?.jsonOctets ?? 4) } + JSON.object(extractedData).bytes.count
            + JSON.array(proposedActions).bytes.count
    }

    var shortened: CallTranscript {
        var call = self
        call.transcript = transcript?.cut(at: 2000)
        call.summary = summary?.cut(at: 5000)
        call.errorMessage = errorMessage?.cut(at: 2000)
        call.extractedData = extractedData.cut(at: 10_000)
        call.proposedActions = PageRange.mostProposals(proposedActions)
        return call
    }
}

extension PageRange {
    /// The proposals that fit a page beside other calls.
    fileprivate static func mostProposals(_ actions: [JSON]) -> [JSON] {
        var octets = 0
        return Array(
            actions.prefix {
                octets += $0.bytes.count
                return octets <= 5000
            })
    }
}
