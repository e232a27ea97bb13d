import CCurl

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A connection to a mail server after greeting, TLS and log-in (libcurl's CONNECT_ONLY): octets go both ways from here on.
///
/// libcurl does what is the same for everybody and dangerous to get wrong (names, TLS and its verification, STARTTLS, SASL); what a
/// stranger's message can influence never goes through its readers. One task uses a connection at a time: a call that comes while
/// another is under way is refused. It blocks the thread of its caller, which therefore is one of ``Workers``, in a wait that
/// cancellation and ``close()`` end at once. After an error it is of no use any more.
final class MailConnection: Sendable {
    let account: MailServerAccount
    /// What the server said until the log-in was done, a line each, cleaned. Those after STARTTLS come last.
    let lines: [String]

    /// Written once, before anybody has it.
    private nonisolated(unsafe) let curl: UnsafePointer<AtlasCurl>
    private let handle: MailHandle
    private let socket: curl_socket_t

    init(
        account: MailServerAccount, lines: [String], curl: UnsafePointer<AtlasCurl>, handle: MailHandle,
        socket: curl_socket_t
    ) {
        self.account = account
        self.lines = lines
        self.curl = curl
        self.handle = handle
        self.socket = socket
    }

    /// Sends all of `octets`.
    func send(_ octets: [UInt8], deadline: ContinuousClock.Instant) async throws(MailConnectionError) {
        guard !octets.isEmpty else { return }
        try await handle.use { easy, multi -> Result<Void, MailConnectionError> in
            octets.withUnsafeBytes { octets -> Result<Void, MailConnectionError> in
                var rest = octets[...]
                while !rest.isEmpty {
                    var sent = 0
                    let part = UnsafeRawBufferPointer(rebasing: rest)
                    switch curl.pointee.curl_easy_send(easy, part.baseAddress, part.count, &sent) {
                    case CURLE_OK: rest = rest.dropFirst(sent)
                    case CURLE_AGAIN:
                        if let failure = wait(multi, for: CURL_WAIT_POLLOUT, until: deadline) {
                            return .failure(failure)
                        }
                    default: return .failure(handle.interruption ?? .closed)
                    }
                }
                return .success(())
            }
        }
    }

    /// Waits for octets and returns those that are there: one at least, `most` at most.
    func receive(atMost most: Int, deadline: ContinuousClock.Instant) async throws(MailConnectionError) -> [UInt8] {
        try await handle.use { easy, multi -> Result<[UInt8], MailConnectionError> in
            while true {
                var count = 0
                var code = CURLE_OK
                let octets = [UInt8](unsafeUninitializedCapacity: max(most, 1)) { buffer, initialized in
                    code = curl.pointee.curl_easy_recv(easy, buffer.baseAddress, buffer.count, &count)
                    initialized = code == CURLE_OK ? count : 0
                }
                switch code {
                case CURLE_OK where count > 0: return .success(octets)
                case CURLE_AGAIN:
                    if let failure = wait(multi, for: CURL_WAIT_POLLIN, until: deadline) { return .failure(failure) }
                default: return .failure(handle.interruption ?? .closed)
                }
            }
        }
    }

    /// Closes the connection, also under a call that waits.
    func close() { handle.close() }

    /// Whether something is there to be received, the end of the connection included: on a connection at rest, nothing should be.
    var hasNews: Bool {
        var waited = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
        return poll(&waited, 1, 0) != 0
    }

    /// Waits until the socket is ready.
    ///
    /// - Returns: why to stop instead.
    private func wait(
        _ multi: OpaquePointer, for events: Int32, until deadline: ContinuousClock.Instant
    ) -> MailConnectionError? {
        if let interruption = handle.interruption { return interruption }
        guard let milliseconds = deadline.millisecondsLeft else { return .timeout }
        var waited = curl_waitfd(fd: socket, events: Int16(events), revents: 0)
        // Woken now and then all the same: TLS may want the other direction than the one that is waited for.
        _ = curl.pointee.curl_multi_poll(multi, &waited, 1, Int32(min(milliseconds, 1000)), nil)
        return handle.interruption
    }
}

extension ContinuousClock.Instant {
    /// Rounded up; nil when it has passed.
    var millisecondsLeft: Int? {
        let left = self - .now
        guard left > .zero else { return nil }
        return left.components.seconds < 1_000_000 ? Int(left / .milliseconds(1)) + 1 : 1_000_000_000
    }
}
