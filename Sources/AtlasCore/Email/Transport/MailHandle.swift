import CCurl

/// libcurl's handles of one connection, used by one thread at a time and closed from any.
///
/// The handle stands in a multi handle of its own, because only that can be woken: so an order to stop reaches a thread that waits
/// for the network at once.
final class MailHandle: Sendable {
    // Sendable because the two handles are used only by whoever set `isBusy`, except for waking, which libcurl allows from any
    // thread while the multi handle lives; that and the end of its life are under the lock.
    private struct State: @unchecked Sendable {
        var easy: OpaquePointer?
        var multi: OpaquePointer?
        var isBusy = false
        var isClosing = false
        var isCancelled = false
    }

    /// Written once, before anybody has it.
    private nonisolated(unsafe) let curl: UnsafePointer<AtlasCurl>
    private let state: Locked<State>

    /// nil when there is no memory.
    init?(curl: UnsafePointer<AtlasCurl>) {
        guard let easy = curl.pointee.curl_easy_init() else { return nil }
        guard let multi = curl.pointee.curl_multi_init() else {
            curl.pointee.curl_easy_cleanup(easy)
            return nil
        }
        self.curl = curl
        state = Locked(State(easy: easy, multi: multi))
    }

    deinit { close() }

    /// Runs `body` with the handles, which are its alone meanwhile. Cancelling the task stops it.
    ///
    /// - Throws: `closed` when the handles are closed, or in somebody else's hands.
    func use<R: Sendable>(
        _ body: (_ easy: OpaquePointer, _ multi: OpaquePointer) -> Result<R, MailConnectionError>
    ) async throws(MailConnectionError) -> R {
        let handles: (OpaquePointer, OpaquePointer)? = state.withLock { state in
            guard let easy = state.easy, let multi = state.multi, !state.isBusy, !state.isClosing else { return nil }
            state.isBusy = true
            return (easy, multi)
        }
        guard let (easy, multi) = handles else { throw .closed }
        let result = await withTaskCancellationHandler {
            withoutBrokenPipeSignal { body(easy, multi) }
        } onCancel: {
            state.withLock { state in
                state.isCancelled = true
                wake(state)
            }
        }
        let isOver = state.withLock { state in
            state.isBusy = false
            return state.isClosing
        }
        if isOver { close() }
        return try result.get()
    }

    /// Why whoever uses the handles must stop, if so.
    var interruption: MailConnectionError? {
        state.withLock { $0.isCancelled ? .cancelled : $0.isClosing ? .closed : nil }
    }

    /// Closes the connection: at once, or when whoever uses it, and is woken, has let go of it.
    func close() {
        let ended: (OpaquePointer?, OpaquePointer?) = state.withLock { state in
            state.isClosing = true
            if state.isBusy {
                wake(state)
                return (nil, nil)
            }
            defer { (state.easy, state.multi) = (nil, nil) }
            return (state.easy, state.multi)
        }
        guard let easy = ended.0, let multi = ended.1 else { return }
        withoutBrokenPipeSignal {
            _ = curl.pointee.curl_multi_remove_handle(multi, easy)
            curl.pointee.curl_easy_cleanup(easy)
            _ = curl.pointee.curl_multi_cleanup(multi)
        }
    }

    private func wake(_ state: State) {
        if let multi = state.multi { _ = curl.pointee.curl_multi_wakeup(multi) }
    }
}
