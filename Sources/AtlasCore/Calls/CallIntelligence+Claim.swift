#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A call that this worker has alone, and what it has done with it.
final class ClaimedCall: Sendable {
    let worker: UUID
    private let state: Locked<State>

    private struct State {
        var row: CallTranscript
        var steps: [CallStep] = []
        var warnings: [String]
        /// The step at work.
        var step: CallStep
    }

    init(_ row: CallTranscript, worker: UUID, warnings: [String]) {
        self.worker = worker
        state = Locked(State(row: row, warnings: warnings, step: .recording))
    }

    var id: UUID { row.id }
    var row: CallTranscript { state.withLock { $0.row } }
    var steps: [CallStep] { state.withLock { $0.steps } }
    var warnings: [String] { state.withLock { $0.warnings } }
    var step: CallStep { state.withLock { $0.step } }

    func enter(_ step: CallStep) { state.withLock { $0.step = step } }
    func warn(_ warnings: [String]) { state.withLock { $0.warnings += warnings } }
    func finish(_ step: CallStep, _ row: CallTranscript? = nil) {
        state.withLock { state in
            if !state.steps.contains(step) { state.steps.append(step) }
            if let row { state.row = row }
        }
    }
}

extension CallIntelligence {
    /// Has `work` done on the call by this worker alone, or waits for the one that has it and gives its outcome.
    func working(
        on facts: CallFacts, _ warnings: [String],
        _ work: @escaping @Sendable (ClaimedCall) async throws -> ProcessedCall
    ) async throws -> ProcessedCall {
        let worker = UUID()
        var waited = Duration.zero
        var pause = Duration.milliseconds(100)
        while true {
            switch try await store.claim(facts, by: worker, for: limits.claim) {
            case .mine(let row):
                let claimed = ClaimedCall(row, worker: worker, warnings: warnings)
                if waited > .zero, row.status == CallTranscriptStatus.error.rawValue {
                    // Whoever was waited for failed: to fail the same way once more would help nobody.
                    await release(claimed)
                    throw failure(of: row)
                }
                return try await holding(claimed, work)
            case .busy:
                guard waited < longestWait else {
                    throw AtlasError(
                        .unavailable, "The call is being processed elsewhere and that takes long; try again later.",
                        parameter: "call_sid")
                }
                try await sleep(pause)
                waited += pause
                pause = min(pause * 1.5, .seconds(2))
            }
        }
    }

    /// As long as all that another worker may do takes.
    private var longestWait: Duration {
        limits.recordingPatience + limits.claim + (transcriber?.timeout ?? .zero) * 2
            + (extractor?.timeout ?? .zero) * 2 + .seconds(60)
    }

    /// Does the work while a second task says that we are still there.
    private func holding(
        _ claimed: ClaimedCall, _ work: @escaping @Sendable (ClaimedCall) async throws -> ProcessedCall
    ) async throws -> ProcessedCall {
        do {
            let outcome = try await withThrowingTaskGroup(of: ProcessedCall?.self) { group in
                group.addTask { try await work(claimed) }
                group.addTask {
                    try await self.keepClaim(claimed)
                    return nil
                }
                defer { group.cancelAll() }
                while let finished = try await group.next() {
                    if let finished { return finished }
                }
                throw CancellationError()
            }
            await release(claimed)
            return outcome
        } catch is CancellationError {
            await release(claimed)
            throw CancellationError()
        } catch {
            if Task.isCancelled {
                await release(claimed)
                throw CancellationError()
            }
            throw await note(error, claimed)
        }
    }

    private func keepClaim(_ claimed: ClaimedCall) async throws {
        while true {
            try await Task.sleep(for: limits.claimRenewal)
            do {
                guard try await store.keepClaim(claimed.id, by: claimed.worker, for: limits.claim) else {
                    throw AtlasError(.conflict, "Another worker has taken the call over", retryable: true)
                }
            } catch let error as AtlasError where error.code != .conflict {
                // A database that is away for a moment: the next write tells whether the call is still ours.
                continue
            }
        }
    }

    /// Gives the call back, whatever became of this task.
    private func release(_ claimed: ClaimedCall) async {
        let store = store
        // Nothing is lost when it fails: the claim ends by itself.
        await Task { try? await store.release(claimed.id, by: claimed.worker) }.value
    }

    /// Writes down at which step the work failed, and says it.
    private func note(_ error: any Error, _ claimed: ClaimedCall) async -> AtlasError {
        let known =
            error as? AtlasError ?? (error as? DatabaseError).map(AtlasError.init)
            ?? AtlasError(.internal, "Something unexpected happened")
        let step = claimed.step
        let store = store
        let reason = known.message.cutShort(at: 1000)
        if known.code == .conflict, step != .linking {
            // Nothing failed: the caller asked for what contradicts what is kept, or the call is somebody else's by now.
            await release(claimed)
            return known
        }
        // The database may be what failed; what is thrown is the reason all the same.
        await Task { try? await store.fail(step, reason, of: claimed.id, by: claimed.worker) }.value
        return Self.failure(at: step, known)
    }

    private func failure(of row: CallTranscript) -> AtlasError {
        let step = row.failedStep.flatMap(CallStep.init(rawValue:)) ?? .extraction
        return Self.failure(at: step, AtlasError(.unavailable, row.errorMessage ?? "the reason was not noted"))
    }

    private static func failure(at step: CallStep, _ error: AtlasError) -> AtlasError {
        let name =
            switch step {
            case .recording: "fetching of the recording"
            case .transcription: "transcription"
            case .extraction: "extraction"
            case .linking: "linking"
            }
        var reason = error.message
        while reason.hasSuffix(".") { reason.removeLast() }
        return AtlasError(
            error.code, "The \(name) failed: \(reason); run process_call again to go on from there.",
            parameter: error.parameter,
            retryable: error.retryable)
    }
}
