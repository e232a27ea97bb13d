#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
import JSON

/// Turns a finished call into a transcript, facts, and a line in the right customer's history.
///
/// The work has four steps: the recording is fetched, transcribed, understood, and linked to its contact. What a step brought is
/// kept, so that a run after a failure goes on where the last one ended. One worker at a time has a call; others wait for it
/// and give its outcome.
public struct CallIntelligence: Sendable {
    let isEnabled: Bool
    let provider: @Sendable () throws -> any TelephonyProvider
    let transcriber: Transcriber?
    let extractor: ModelExtractor?
    let store: CallTranscripts
    let linker: CallLinker
    let region: String
    let time: BusinessTime
    let limits: Limits
    let folder: String
    let now: @Sendable () -> Date
    let sleep: @Sendable (Duration) async throws -> Void

    /// What is spent on a call.
    public struct Limits: Sendable {
        /// Shorter calls are skipped.
        public var shortestCall: Duration = .seconds(10)
        /// How long a recording that is not ready yet is waited for.
        public var recordingPatience: Duration = .seconds(90)
        /// The most octets of audio.
        public var largestRecording = 200 << 20
        /// How long a worker that says nothing keeps a call.
        public var claim: Duration = .seconds(30)
        /// How often a worker says that it is still there.
        public var claimRenewal: Duration = .seconds(10)

        public init() {}
    }

    /// - Parameters:
    ///   - isEnabled: `ATLAS_CALL_INTELLIGENCE_ENABLED`. Calls are saved without it too, but not processed.
    ///   - provider: asked for only when something has to be fetched.
    ///   - transcriber: nil when none is configured.
    ///   - extractor: nil when none is configured; ``PlainExtractor`` serves then.
    ///   - folder: where audio is kept while it is worked on; made, for this user alone, when it is missing.
    ///   - region: where a number without country code is dialled.
    ///   - time: by which a day is today.
    public init(
        isEnabled: Bool = true, provider: @escaping @Sendable () throws -> any TelephonyProvider,
        transcriber: Transcriber?, extractor: ModelExtractor?, store: CallTranscripts, linker: CallLinker,
        folder: String, region: String = "US", time: BusinessTime = BusinessTime(zone: .utc), limits: Limits = Limits(),
        now: @escaping @Sendable () -> Date = { Date() },
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) {
        self.isEnabled = isEnabled
        self.provider = provider
        self.transcriber = transcriber
        self.extractor = extractor
        self.store = store
        self.linker = linker
        self.folder = folder
        self.region = region
        self.time = time
        self.limits = limits
        self.now = now
        self.sleep = sleep
    }

    /// Works on a call until it is linked, from where it stands.
    ///
    /// - Parameter onProgress: hears each step as it begins.
    /// - Throws: ``AtlasError`` that begins with the step that failed; what earlier steps brought is kept. `CancellationError` when
    ///   the task is cancelled, which is no failure of the call.
    public func process(_ callSID: String, onProgress: @escaping @Sendable (CallStep) -> Void = { _ in }) async throws
        -> ProcessedCall
    {
        guard isEnabled else {
            throw AtlasError(
                .notConfigured,
                "Calls are not processed: ATLAS_CALL_INTELLIGENCE_ENABLED is off. Transcripts can be saved with save_call_transcript."
            )
        }
        let row = try await store.get(callSID)
        if let row, row.isLinked { return try await outcome(of: row) }
        var facts = row?.facts ?? CallFacts(callSID: callSID)
        var warnings: [String] = []
        var end: Date?
        if row?.transcript == nil {
            let call = try await provider().call(callSID)
            facts.fill(from: call)
            end = call.endTime
            if let reason = try reasonToSkip(call, facts) { return .skipped(row, because: reason) }
        } else if row?.processedAt == nil, facts.direction == nil || (facts.fromNumber ?? facts.toNumber) == nil {
            // The transcript is there: what more the provider knows helps, but is not worth failing for.
            do { facts.fill(from: try await provider().call(callSID)) } catch let error as AtlasError {
                warnings.append("What the telephone company knows of the call is missing: \(error.message)")
            }
        }
        return try await working(on: facts, warnings) { [end] claimed in
            try await self.transcribe(claimed, ended: end, onProgress)
            try await self.understand(claimed, onProgress)
            return try await self.link(claimed, onProgress)
        }
    }

    /// Keeps a transcript that somebody else made, understands it unless they did, and links the call.
    ///
    /// Saving the same again changes nothing. A transcript that is there is never replaced, nor is what was extracted once the
    /// call is linked; before, new data replaces it, and a warning says so.
    ///
    /// - Throws: `conflict` for another transcript of a call that has one, and for other data of a call that is linked.
    public func save(_ facts: CallFacts, transcript: String, extracted: ExtractedCall? = nil) async throws
        -> ProcessedCall
    {
        let text = try TextLimit.transcript.required(transcript)
        let given = extracted?.tidied
        var warnings: [String] = []
        if let name = extracted?.customerName, given?.customerName == nil, !name.trimmed.isEmpty {
            warnings.append("customer_name is no person's name and was left out.")
        }
        return try await working(on: facts, warnings) { claimed in
            try await self.keep(text, claimed)
            if let given { try await self.keep(given, claimed) }
            try await self.understand(claimed, { _ in })
            return try await self.link(claimed, { _ in })
        }
    }

    /// What a call that is done already amounts to.
    func outcome(of row: CallTranscript) async throws -> ProcessedCall {
        let link = try await linker.link(row.callSID)
        return ProcessedCall(
            callTranscript: link.transcript, contact: link.contact, contactCreated: link.created,
            warnings: link.warnings)
    }

    private func reasonToSkip(_ call: Call, _ facts: CallFacts) throws -> String? {
        switch CallStatus(rawValue: call.status) {
        case .queued, .ringing, .inProgress:
            throw AtlasError(
                .conflict, "The call is not over yet (\(call.status)); run process_call again when it has ended.",
                parameter: "call_sid", retryable: true)
        case .busy, .noAnswer, .failed, .canceled: return "The call was never answered (\(call.status))."
        case .completed, nil: break
        }
        guard let duration = facts.durationSeconds, .seconds(duration) < limits.shortestCall else { return nil }
        return
            "The call lasted \(duration) s; calls under \(limits.shortestCall.components.seconds) s are not processed (ATLAS_CALL_INTELLIGENCE_MIN_DURATION_SECONDS)."
    }
}

extension TextLimit {
    static let transcript = TextLimit(parameter: "transcript", longest: 500_000, keepsLines: true)
}

extension CallFacts {
    /// Takes over what is not known yet.
    mutating func fill(from call: Call) {
        fromNumber = fromNumber ?? (call.from.isEmpty ? nil : call.from)
        toNumber = toNumber ?? (call.to.isEmpty ? nil : call.to)
        durationSeconds = durationSeconds ?? call.duration
        startedAt = startedAt ?? call.startTime
        guard direction == nil, let said = call.direction else { return }
        direction = said.hasPrefix("outbound") ? .outbound : said == "inbound" ? .inbound : nil
    }
}
