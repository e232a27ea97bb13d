#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
import JSON

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

extension CallIntelligence {
    /// Recording and transcription, unless the call has a transcript.
    ///
    /// - Parameter ended: when the call ended, if that is known.
    func transcribe(_ claimed: ClaimedCall, ended: Date?, _ onProgress: @Sendable (CallStep) -> Void) async throws {
        guard claimed.row.transcript == nil else { return }
        guard let transcriber else {
            claimed.enter(.transcription)
            throw AtlasError(
                .notConfigured,
                "There is no speech recognition; set ATLAS_CALL_INTELLIGENCE_ASR_URL, or bring the transcript with save_call_transcript"
            )
        }
        claimed.enter(.recording)
        onProgress(.recording)
        try await store.begin(.recording, of: claimed.id, by: claimed.worker)
        let room = try privateFolder()
        let path = room + "/call.wav"
        defer {
            unlink(path)
            rmdir(room)
        }
        try await fetchRecording(of: claimed.row.callSID, ended: ended, to: path)
        claimed.finish(.recording)

        claimed.enter(.transcription)
        onProgress(.transcription)
        try await store.begin(.transcription, of: claimed.id, by: claimed.worker)
        let text = try await transcriber.transcribe(path)
        claimed.finish(
            .transcription, try await store.keepTranscript(text, of: claimed.id, by: claimed.worker))
    }

    /// Extraction, unless it was done.
    func understand(_ claimed: ClaimedCall, _ onProgress: @Sendable (CallStep) -> Void) async throws {
        guard claimed.row.processedAt == nil else { return }
        claimed.enter(.extraction)
        onProgress(.extraction)
        let row = claimed.row
        try await store.begin(.extraction, of: row.id, by: claimed.worker)
        let text = row.transcript ?? ""
        let understood: UnderstoodCall
        if text.trimmed.isEmpty {
            understood = UnderstoodCall(extracted: ExtractedCall(), summary: "Nothing was said.")
        } else if let extractor {
            understood = try await extractor.extract(text, of: row.facts, today: today, region: region)
        } else {
            understood = PlainExtractor(region: region).extract(text, of: row.facts)
        }
        claimed.warn(understood.warnings)
        try await keep(understood, claimed)
    }

    func link(_ claimed: ClaimedCall, _ onProgress: @Sendable (CallStep) -> Void) async throws -> ProcessedCall {
        let wasLinked = claimed.row.isLinked
        claimed.enter(.linking)
        if !wasLinked { onProgress(.linking) }
        let link = try await linker.link(claimed.row.callSID)
        if !wasLinked { claimed.finish(.linking) }
        return ProcessedCall(
            callTranscript: link.transcript, contact: link.contact, contactCreated: link.created, steps: claimed.steps,
            warnings: claimed.warnings + link.warnings)
    }

    private var today: CivilDate {
        let date = now()
        let wall = Int(date.timeIntervalSince1970.rounded(.down)) + time.offset(at: date)
        return CivilDate(daysSince1970: wall.floorDivided(by: 86_400))
    }

    // MARK: - What is brought from outside

    /// Keeps the transcript that a caller brings.
    func keep(_ transcript: String, _ claimed: ClaimedCall) async throws {
        claimed.enter(.transcription)
        if let kept = claimed.row.transcript, !kept.isEmpty {
            guard kept == transcript else {
                throw AtlasError(
                    .conflict,
                    "Call \(claimed.row.callSID) has another transcript already, which stays; read it with get_call_transcript.",
                    parameter: "transcript")
            }
            return
        }
        claimed.finish(
            .transcription, try await store.keepTranscript(transcript, of: claimed.id, by: claimed.worker))
    }

    /// Keeps the data that a caller brings.
    func keep(_ extracted: ExtractedCall, _ claimed: ClaimedCall) async throws {
        claimed.enter(.extraction)
        let row = claimed.row
        if row.processedAt != nil {
            if ExtractedCall(reading: row.extractedData) == extracted { return }
            guard !row.isLinked else {
                throw AtlasError(
                    .conflict,
                    "Call \(row.callSID) was linked with other extracted_data already, which stays; correct the contact with update_contact.",
                    parameter: "extracted_data")
            }
            claimed.warn(["The extracted_data of this call, which was not linked yet, was replaced."])
        }
        let plain = PlainExtractor(region: region).extract(row.transcript ?? "", of: row.facts)
        try await keep(
            UnderstoodCall(
                extracted: extracted, summary: row.summary ?? extracted.notes ?? plain.summary,
                proposedActions: row.proposedActions.isEmpty ? plain.proposedActions : row.proposedActions), claimed)
    }

    private func keep(_ understood: UnderstoodCall, _ claimed: ClaimedCall) async throws {
        claimed.finish(
            .extraction,
            try await store.keepExtraction(
                understood.extracted, summary: understood.summary, proposedActions: understood.proposedActions,
                of: claimed.id, by: claimed.worker))
    }

    // MARK: - Recording

    /// A new folder for the audio that only this user can enter.
    private func privateFolder() throws -> String {
        mkdir(folder, 0o700)
        var path = Array("\(folder)/call-XXXXXX".utf8CString)
        guard mkdtemp(&path) != nil else {
            throw AtlasError(.internal, "There is no place for audio that is worked on: \(folder) cannot be written to")
        }
        return String(decoding: path.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Brings the newest recording of the call, which may not be ready yet.
    private func fetchRecording(of callSID: String, ended: Date?, to path: String) async throws {
        let provider = try provider()
        // Of a call that ended long ago no recording appears any more.
        let age = ended.map { Duration.seconds(max(0, now().timeIntervalSince($0))) } ?? .zero
        var waited = Duration.zero
        var pause = Duration.seconds(1)
        while true {
            let recordings = try await provider.recordings(of: callSID)
            let usable = recordings.filter { !["absent", "failed", "deleted"].contains($0.status) }
            if usable.isEmpty, !recordings.isEmpty {
                throw AtlasError(
                    .notFound, "The telephone company has no audio of the call (\(recordings[0].status))",
                    parameter: "call_sid")
            }
            let completed = usable.filter { $0.status == "completed" }
            if let newest = completed.max(by: { ($0.dateCreated ?? .distantPast) < ($1.dateCreated ?? .distantPast) }) {
                do {
                    return try await provider.downloadRecording(
                        newest.recordingSID, to: path, largest: limits.largestRecording)
                } catch let error as AtlasError where error.code == .notFound {
                    // It is named before it can be had.
                    unlink(path)
                }
            }
            guard waited < limits.recordingPatience, !recordings.isEmpty || age < limits.recordingPatience else {
                throw recordings.isEmpty
                    ? AtlasError(
                        .notFound, "The call was not recorded; bring its transcript with save_call_transcript",
                        parameter: "call_sid",
                        retryable: true)
                    : AtlasError(.unavailable, "The recording is not ready yet")
            }
            let next = min(pause, limits.recordingPatience - waited)
            try await sleep(next)
            waited += next
            pause = min(pause * 1.5, .seconds(10))
        }
    }
}
