/// The access token of an account, got by its grant and kept until shortly before it ends.
///
/// Callers that need a new one at the same moment wait for the same request: a service that hands out one token after the other
/// may end the ones before. Whoever is cancelled leaves the others their request; with the last of them it ends.
final class OAuthToken: Sendable {
    let account: OAuthAccount
    private let http: HTTPClient
    private let timeout: Duration
    private let state = Locked(State())

    private struct Granted: Sendable {
        let token: String
        /// From when on it is not used any more.
        let end: ContinuousClock.Instant
    }

    private struct State {
        var granted: Granted?
        var refresh: Task<Void, Never>?
        var waiting: [Int: CheckedContinuation<String, any Error>] = [:]
        var callers = 0
    }

    init(_ account: OAuthAccount, http: HTTPClient, timeout: Duration = .seconds(30)) {
        self.account = account
        self.http = http
        self.timeout = timeout
    }

    deinit { state.withLock { $0.refresh }?.cancel() }

    /// - Parameter renewed: whether the one that was given last has been refused, however long it was meant to last.
    func token(renewed: Bool = false) async throws -> String {
        try await token(insteadOf: renewed ? state.withLock { $0.granted?.token } : nil)
    }

    /// - Parameter refused: a token that was refused. Of many who were refused with the same, the first gets a new one for all.
    /// - Throws: ``AtlasError``: `unauthenticated`, `rate_limited`, `unavailable`, naming settings.
    func token(insteadOf refused: String?) async throws -> String {
        let caller = state.withLock { state in
            state.callers += 1
            return state.callers
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in wait(continuation, caller, refused: refused) }
        } onCancel: {
            leave(caller)
        }
    }

    private func wait(_ continuation: CheckedContinuation<String, any Error>, _ caller: Int, refused: String?) {
        let kept: String? = state.withLock { state in
            if let granted = state.granted, granted.token != refused, granted.end > .now { return granted.token }
            state.granted = nil
            state.waiting[caller] = continuation
            if state.refresh == nil {
                state.refresh = Task { [account, http, timeout, weak self] in
                    let result = await OAuthRequest(account: account, http: http, timeout: timeout).result()
                    self?.end(result)
                }
            }
            return nil
        }
        if let kept { continuation.resume(returning: kept) } else if Task.isCancelled { leave(caller) }
    }

    private func leave(_ caller: Int) {
        let left: CheckedContinuation<String, any Error>? = state.withLock { state in
            let left = state.waiting.removeValue(forKey: caller)
            if left != nil, state.waiting.isEmpty {
                state.refresh?.cancel()
                state.refresh = nil
            }
            return left
        }
        left?.resume(throwing: CancellationError())
    }

    private func end(_ result: Result<OAuthRequest.Grant, any Error>) {
        // A request that nobody waits for any more was cancelled, and another one may be under way.
        guard !Task.isCancelled else { return }
        let waiting = state.withLock { state in
            if case .success(let grant) = result {
                state.granted = Granted(token: grant.token, end: .now + grant.lasts)
            }
            defer { state.waiting = [:] }
            state.refresh = nil
            return state.waiting.values
        }
        for continuation in waiting { continuation.resume(with: result.map(\.token)) }
    }
}
