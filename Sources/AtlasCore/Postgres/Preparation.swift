import Synchronization

/// Something done once before all else, by whoever comes first; the others wait for it.
///
/// It is nobody's task: a caller that is cancelled or loses patience leaves it running for the next. When it fails, those who
/// waited get the error and the next caller tries again.
final class Preparation: Sendable {
    private let done = Atomic(false)
    private let current = Mutex<Task<Void, any Error>?>(nil)

    var isDone: Bool { done.load(ordering: .acquiring) }

    func run(on workers: Workers, timeout: Duration, _ body: @escaping @Sendable () throws -> Void) async throws {
        let task = current.withLock { current in
            if let current { return current }
            let task = Task(executorPreference: workers) {
                do {
                    try body()
                    self.done.store(true, ordering: .releasing)
                } catch {
                    self.current.withLock { $0 = nil }
                    throw error
                }
            }
            current = task
            return task
        }
        try await wait(for: task, timeout)
    }

    private func wait(for task: Task<Void, any Error>, _ timeout: Duration) async throws {
        let once = Once()
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                once.set(continuation)
                let timer = Task {
                    guard (try? await Task.sleep(for: timeout)) != nil else { return }
                    once.finish(.failure(DatabaseError(.preparing)))
                }
                Task {
                    once.finish(await task.result)
                    timer.cancel()
                }
                if Task.isCancelled { once.finish(.failure(CancellationError())) }
            }
        } onCancel: {
            once.finish(.failure(CancellationError()))
        }
    }

    /// A continuation that several may want to resume: the first does.
    private final class Once: Sendable {
        private let continuation = Mutex<CheckedContinuation<Void, any Error>?>(nil)

        func set(_ continuation: CheckedContinuation<Void, any Error>) {
            self.continuation.withLock { $0 = continuation }
        }

        func finish(_ result: Result<Void, any Error>) {
            continuation.withLock { continuation in
                defer { continuation = nil }
                return continuation
            }?.resume(with: result)
        }
    }
}
