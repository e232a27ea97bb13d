import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A pipe to ourselves, so that one `poll` waits for input and for whatever else may end the wait.
final class Alarm: Sendable {
    enum Reason: UInt8 {
        /// SIGTERM or SIGINT came.
        case signal = 1
        /// Nobody reads our output any more.
        case broken = 2
        /// The last call in flight is over.
        case idle = 4
    }

    private let readEnd: Int32
    private let writeEnd: Int32

    init() {
        var ends: [Int32] = [-1, -1]
        precondition(pipe(&ends) == 0, "The system has no file descriptor left.")
        readEnd = ends[0]
        writeEnd = ends[1]
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
    }

    deinit {
        close(readEnd)
        close(writeEnd)
    }

    func ring(_ reason: Reason) {
        var octet = reason.rawValue
        _ = write(writeEnd, &octet, 1)
    }

    /// Waits for input or a ring.
    ///
    /// - Parameter input: the descriptor to watch, or `nil` to wait for a ring alone.
    /// - Returns: whether there is input (or its end), and why it rang, if it did.
    func wait(for input: Int32?, milliseconds: Int32 = -1) -> (hasInput: Bool, reasons: UInt8) {
        withUnsafeTemporaryAllocation(of: pollfd.self, capacity: 2) { requests in
            requests[0] = pollfd(fd: readEnd, events: Int16(POLLIN), revents: 0)
            requests[1] = pollfd(fd: input ?? -1, events: Int16(POLLIN), revents: 0)
            guard poll(requests.baseAddress, 2, milliseconds) > 0 else { return (false, 0) }
            return (requests[1].revents != 0, requests[0].revents != 0 ? reasons() : 0)
        }
    }

    private func reasons() -> UInt8 {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 64) { octets in
            let count = read(readEnd, octets.baseAddress, octets.count)
            return octets.prefix(max(0, count)).reduce(0) { $0 | $1 }
        }
    }

    // MARK: - Signals

    // Set before the handlers are installed and only read by them.
    private nonisolated(unsafe) static var signalled: Int32 = -1

    /// Rings on SIGTERM and SIGINT from now on, and has a broken pipe reported as an error instead of a signal.
    func watchSignals() {
        Self.signalled = writeEnd
        for number in [SIGTERM, SIGINT] {
            signal(number) { _ in
                let saved = errno
                var octet = Reason.signal.rawValue
                _ = write(Alarm.signalled, &octet, 1)
                errno = saved
            }
        }
        signal(SIGPIPE, SIG_IGN)
    }

    /// A second signal, while the server closes what it opened, ends the process the usual way.
    func ignoreSignals() {
        for number in [SIGTERM, SIGINT] { signal(number, SIG_DFL) }
        Self.signalled = -1
    }
}
