#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A call that waits to be worked on.
public struct WaitingCall: Sendable, Equatable {
    public var callSID: String
    /// When its recording was made, or when the call was written down.
    public var since: Date?
    /// The length of its recording in seconds.
    public var duration: Int?

    public init(callSID: String, since: Date?, duration: Int? = nil) {
        self.callSID = callSID
        self.since = since
        self.duration = duration
    }
}

extension CallIntelligence {
    /// How far back the provider's list of recordings is followed.
    private static let mostRecordings = 10_000

    /// Calls with a finished recording at the provider, and calls written down here, whose work is not done; the oldest first.
    ///
    /// - Throws: ``AtlasError`` of the provider or the database; `not_configured` when calls are not processed.
    public func waiting(since: Date) async throws -> [WaitingCall] {
        guard isEnabled else {
            throw AtlasError(
                .notConfigured,
                "Calls are not processed: \(ConfigurationKey.callIntelligence.name) is off. Set it to 1.")
        }
        var found: [String: WaitingCall] = [:]
        for recording in try await provider().recordings(since: since, limit: Self.mostRecordings) {
            guard recording.status == "completed", recording.dateCreated.map({ $0 >= since }) ?? true else { continue }
            let call = WaitingCall(
                callSID: recording.callSID, since: recording.dateCreated, duration: recording.duration)
            if let known = found[call.callSID]?.since, let date = call.since, known <= date { continue }
            found[call.callSID] = call
        }
        let done = try await store.linked(among: Array(found.keys))
        for sid in done { found[sid] = nil }
        // What a server that died has left, wherever its recording came from.
        for row in try await store.unfinished(limit: 100) where row.createdAt >= since && found[row.callSID] == nil {
            found[row.callSID] = WaitingCall(callSID: row.callSID, since: row.createdAt, duration: row.durationSeconds)
        }
        return found.values.sorted {
            ($0.since ?? .distantPast, $0.callSID) < ($1.since ?? .distantPast, $1.callSID)
        }
    }
}

extension CallTranscripts {
    /// Those of the calls whose work is done.
    func linked(among callSIDs: [String]) async throws -> [String] {
        if callSIDs.isEmpty { return [] }
        return try await database.look { connection in
            try connection.query(
                """
                SELECT DISTINCT call_sid FROM call_transcripts
                WHERE call_sid = ANY(\(callSIDs)) AND status IN ('ready', 'notified') AND processed_at IS NOT NULL
                """
            ).map { try $0.get(0, as: String.self) }
        }
    }
}
