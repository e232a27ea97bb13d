import CCurl

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The thread that drives all transfers of a client, and what others tell it.
///
/// A libcurl handle may be used by one thread only, so orders are left behind a lock and the thread is woken. It ends once, with
/// ``end()``; a client that goes on makes another.
final class TransferLoop: Sendable {
    // Sendable because a multi handle is the thread's but for being woken, which is allowed from anywhere while it lives.
    private struct Orders: @unchecked Sendable {
        /// nil once the thread has given it back, so that nobody wakes what is no more.
        var multi: OpaquePointer?
        var arriving: [Transfer] = []
        var leaving: [Transfer] = []
        var shallEnd = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    /// Written once, before anybody has it.
    private nonisolated(unsafe) let curl: UnsafePointer<AtlasCurl>
    private let authorities: CertificateAuthorities
    private let orders: Locked<Orders>

    /// nil when the system has no thread or no memory to give.
    init?(curl: UnsafePointer<AtlasCurl>, authorities: CertificateAuthorities) {
        guard let multi = curl.pointee.curl_multi_init() else { return nil }
        self.curl = curl
        self.authorities = authorities
        orders = Locked(Orders(multi: multi))
        // libcurl and OpenSSL are modest, but hand a stack on to callbacks of the system's resolver.
        guard startDetachedThread(stackSize: 512 << 10, { self.run() }) else {
            _ = curl.pointee.curl_multi_cleanup(multi)
            return nil
        }
    }

    /// Starts `transfer` and waits for its end.
    ///
    /// - Throws: ``HTTPError``; `CancellationError` when the task is cancelled, which takes the transfer off at once.
    func perform(_ transfer: Transfer) async throws -> HTTPResponse {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                transfer.continuation = continuation
                let refusal: (any Error)? = orders.withLock { orders in
                    // The cancellation may have come before the transfer does.
                    if transfer.isCancelled { return CancellationError() }
                    guard let multi = orders.multi, !orders.shallEnd else { return transfer.error(.interrupted) }
                    orders.arriving.append(transfer)
                    _ = curl.pointee.curl_multi_wakeup(multi)
                    return nil
                }
                if let refusal { transfer.finish(.failure(refusal)) }
            }
        } onCancel: {
            orders.withLock { orders in
                transfer.isCancelled = true
                guard let multi = orders.multi else { return }
                orders.leaving.append(transfer)
                _ = curl.pointee.curl_multi_wakeup(multi)
            }
        }
    }

    /// Asks the thread to end.
    func shallEnd() {
        orders.withLock { orders in
            orders.shallEnd = true
            if let multi = orders.multi { _ = curl.pointee.curl_multi_wakeup(multi) }
        }
    }

    /// Fails what is under way with ``HTTPError/Kind/interrupted``, closes all connections, and waits until that is done.
    func end() async {
        shallEnd()
        await withCheckedContinuation { continuation in
            let hasEnded = orders.withLock { orders in
                if orders.multi != nil { orders.waiting.append(continuation) }
                return orders.multi == nil
            }
            if hasEnded { continuation.resume() }
        }
    }

    private func run() {
        // A peer that has gone is an error of its own transfer, and must not end the process.
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &signals, nil)

        guard let multi = orders.withLock({ $0.multi }) else { return }
        let thread = TransferThread(curl: curl, multi: multi, authorities: authorities)
        while true {
            let (arriving, leaving, shallEnd) = orders.withLock { orders in
                defer {
                    orders.arriving.removeAll(keepingCapacity: true)
                    orders.leaving.removeAll(keepingCapacity: true)
                }
                return (orders.arriving, orders.leaving, orders.shallEnd)
            }
            arriving.forEach(thread.start)
            leaving.forEach(thread.abandon)
            if shallEnd { break }
            thread.work()
        }
        thread.end()
        let waiting = orders.withLock { orders in
            _ = curl.pointee.curl_multi_cleanup(multi)
            orders.multi = nil
            defer { orders.waiting = [] }
            return orders.waiting
        }
        for continuation in waiting { continuation.resume() }
    }
}
