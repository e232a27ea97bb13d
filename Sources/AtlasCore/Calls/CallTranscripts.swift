#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
import JSON

/// The calls that were written down, and how far the work on each has come.
///
/// One worker at a time has a call: it claims it, and says again and again that it is still there (`CallTranscripts+Work`). Claims
/// are columns of the row and end by the database's clock, so that they hold across processes and through PgBouncer. What a worker
/// writes after it lost its claim is refused with `conflict`.
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

    /// The call, with its whole transcript.
    ///
    /// - Throws: ``AtlasError`` `invalid_argument`; `unavailable` or `timeout` when the database does not answer.
    public func get(_ callSID: String) async throws -> CallTranscript? {
        let callSID = try TextLimit.callSID.required(callSID)
        return try await database.look { try $0.first(Self.call(callSID)) }
    }

    /// The newest first, as many as one result holds. Of a long transcript the beginning.
    ///
    /// - Throws: ``AtlasError`` `invalid_argument` that states the range of `limit`.
    public func list(contactID: UUID? = nil, status: CallTranscriptStatus? = nil, limit: Int = 20) async throws
        -> [CallTranscript]
    {
        let page = try PageRange(limit: limit, offset: 0)
        return page.cut(
            try await database.look { try $0.all(Self.listing(contactID: contactID, status: status, page.limit)) }
        ).rows
    }

    /// Calls that nobody works on and whose work is not done, the oldest first: what a server that died has left.
    public func unfinished(limit: Int = 20) async throws -> [CallTranscript] {
        let page = try PageRange(limit: limit, offset: 0)
        return page.cut(try await database.look { try $0.all(Self.unfinished(page.limit)) }).rows
    }

    // MARK: Statements

    static func call(_ callSID: String) -> Query {
        "SELECT \(.callTranscript) FROM call_transcripts t WHERE t.id = \(.idOfCall(callSID))"
    }

    static func listing(contactID: UUID?, status: CallTranscriptStatus?, _ limit: Int) -> Query {
        var filters: [Query] = []
        if let contactID { filters.append("t.contact_id = \(contactID)") }
        if let status { filters.append("t.status = \(status.rawValue)") }
        let filter: Query = filters.isEmpty ? "" : "WHERE \(filters.joined(separator: " AND "))"
        return """
            SELECT \(.callTranscript(text: beginning)) FROM call_transcripts t \(filter)
            ORDER BY t.created_at DESC, t.id LIMIT \(limit)
            """
    }

    static func unfinished(_ limit: Int) -> Query {
        """
        SELECT \(.callTranscript(text: beginning)) FROM call_transcripts t
        WHERE t.status IN ('pending', 'transcribing', 'extracting')
            AND (t.claimed_until IS NULL OR t.claimed_until <= clock_timestamp())
        ORDER BY t.created_at, t.id LIMIT \(limit)
        """
    }

    /// A listed call shows the beginning of its transcript.
    private static let beginning: Query = """
        CASE WHEN length(t.transcript) > 2000 THEN left(t.transcript, 2000) || '…' ELSE t.transcript END
        """
}
