/// An end to waiting.
public enum Deadline {
    /// What `body` gives, unless it takes longer than `limit`: then it is cancelled, and left to end by itself.
    ///
    /// The task is not a child, which would be waited for: what cannot be cancelled at once (a name that does not resolve) must not
    /// hold up the caller.
    /// - Parameters:
    ///   - service: who was too slow, as the beginning of a sentence.
    ///   - workers: where `body` runs, and may block.
    /// - Throws: ``AtlasError`` `timeout`; what `body` throws; `CancellationError`.
    public static func within<R: Sendable>(
        _ limit: Duration, of service: String, on workers: Workers, _ body: @escaping @Sendable () async throws -> R
    ) async throws -> R {
        let (outcomes, outcome) = AsyncStream.makeStream(of: Result<R, any Error>.self)
        let work = Task(executorPreference: workers) {
            do { outcome.yield(.success(try await body())) } catch { outcome.yield(.failure(error)) }
        }
        let clock = Task {
            try await Task.sleep(for: limit)
            outcome.yield(
                .failure(AtlasError(.timeout, "\(service) did not answer within \(limit.components.seconds) seconds.")))
        }
        defer {
            work.cancel()
            clock.cancel()
        }
        for await first in outcomes { return try first.get() }
        throw CancellationError()
    }
}
