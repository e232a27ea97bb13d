#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
import JSON

/// Facts of a call that have been checked: texts that fit their columns, numbers in normal form.
struct KnownCall: Sendable {
    let callSID: String
    /// E.164 where that is known, else as given; nil when nobody said.
    let fromNumber: String?
    let toNumber: String?
    let direction: CallDirection?
    let durationSeconds: Int?
    let startedAt: Date?
    let businessContextID: String?

    /// - Throws: ``AtlasError`` `invalid_argument` naming the parameter.
    init(_ facts: CallFacts, region: String, defaultContext: String?) throws(AtlasError) {
        callSID = try TextLimit.callSID.required(facts.callSID)
        fromNumber = try Self.number(facts.fromNumber, "from_number", region)
        toNumber = try Self.number(facts.toNumber, "to_number", region)
        direction = facts.direction
        guard (0...604_800).contains(facts.durationSeconds ?? 0) else {
            throw AtlasError(
                .invalidArgument, "duration_seconds must be between 0 and 604800, got \(facts.durationSeconds ?? 0).",
                parameter: "duration_seconds")
        }
        durationSeconds = facts.durationSeconds
        startedAt = facts.startedAt
        businessContextID = try TextLimit.businessContext.optional(facts.businessContextID) ?? defaultContext
    }

    private static func number(_ text: String?, _ parameter: String, _ region: String) throws(AtlasError) -> String? {
        guard let text else { return nil }
        let number = GivenPhone(text, region: region).text
        guard number.unicodeScalars.count <= 32 else {
            throw AtlasError(
                .invalidArgument, "\(parameter) is not a phone number: \"\(number.prefix(32))…\".", parameter: parameter
            )
        }
        return number.isEmpty ? nil : number
    }
}

extension TextLimit {
    static let callSID = TextLimit(parameter: "call_sid", longest: 128)
}

extension CallTranscripts {
    /// The one row of a call that is worked on. Other programs may have written several: then it is the oldest.
    static func one(_ callSID: String) -> Query {
        """
        SELECT \(.callTranscript) FROM call_transcripts WHERE call_sid = \(callSID)
        ORDER BY worked_call_sid IS NULL, created_at, id LIMIT 1
        """
    }

    static func many(contactID: UUID?, status: CallTranscriptStatus?, limit: Int) -> Query {
        var filters: [Query] = []
        if let contactID { filters.append("contact_id = \(contactID)") }
        if let status { filters.append("status = \(status.rawValue)") }
        let filter: Query = filters.isEmpty ? "true" : filters.joined(separator: " AND ")
        return """
            SELECT \(.callTranscript) FROM call_transcripts WHERE \(filter)
            ORDER BY created_at DESC, id LIMIT \(limit)
            """
    }

    static func insert(_ call: KnownCall) -> Query {
        """
        INSERT INTO call_transcripts (id, call_sid, worked_call_sid, from_number, to_number, business_context_id)
        SELECT \(UUID.timeOrdered()), \(call.callSID), \(call.callSID), '', '', \(call.businessContextID ?? "")
        WHERE NOT EXISTS (SELECT FROM call_transcripts WHERE call_sid = \(call.callSID))
        """
    }

    static func claim(_ call: KnownCall, by worker: UUID, for time: Duration) -> Query {
        """
        UPDATE call_transcripts SET
            worker = \(worker), claimed_until = clock_timestamp() + \(interval(time)), worked_call_sid = call_sid,
            from_number = CASE from_number WHEN '' THEN coalesce(\(call.fromNumber), '') ELSE from_number END,
            to_number = CASE to_number WHEN '' THEN coalesce(\(call.toNumber), '') ELSE to_number END,
            direction = coalesce(direction, \(call.direction?.rawValue)),
            duration_seconds = coalesce(duration_seconds, \(call.durationSeconds.map(Int32.init))),
            started_at = coalesce(started_at, \(call.startedAt)),
            business_context_id =
                CASE business_context_id WHEN '' THEN \(call.businessContextID ?? "") ELSE business_context_id END
        WHERE id = (
                SELECT id FROM call_transcripts WHERE call_sid = \(call.callSID)
                ORDER BY worked_call_sid IS NULL, created_at, id LIMIT 1
            )
            AND (worker IS NULL OR worker = \(worker) OR claimed_until < clock_timestamp())
        RETURNING \(.callTranscript)
        """
    }

    static func interval(_ time: Duration) -> Query {
        let (seconds, attoseconds) = time.components
        return "make_interval(secs => \(Double(seconds) + Double(attoseconds) / 1e18))"
    }
}

extension Query {
    static let callTranscript: Query = """
        id, call_sid, from_number, to_number, direction, started_at, business_context_id, contact_id, duration_seconds, \
        transcript, transcribed_at, summary, extracted_data, proposed_actions, processed_at, status, failed_step, \
        error_message, notified, created_at
        """
}

extension CallTranscript: Record {
    public init(row: Row) throws {
        id = try row.get("id")
        callSID = try row.get("call_sid")
        fromNumber = try row.get("from_number")
        toNumber = try row.get("to_number")
        direction = try row.get("direction")
        startedAt = try row.get("started_at")
        let business: String = try row.get("business_context_id")
        businessContextID = business.isEmpty ? nil : business
        contactID = try row.get("contact_id")
        durationSeconds = try row.get("duration_seconds")
        transcript = try row.get("transcript", as: String?.self)
        transcribedAt = try row.get("transcribed_at")
        summary = try row.get("summary")
        extractedData = try row.get("extracted_data", as: JSON?.self)?.object ?? [:]
        proposedActions = try row.get("proposed_actions", as: JSON?.self)?.items ?? []
        processedAt = try row.get("processed_at")
        status = try row.get("status")
        failedStep = try row.get("failed_step")
        errorMessage = try row.get("error_message")
        notified = try row.get("notified", as: Bool?.self) ?? false
        createdAt = try row.get("created_at")
    }
}
