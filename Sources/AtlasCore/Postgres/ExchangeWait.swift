#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Nanoseconds of a clock that only goes forward.
func monotonicNanoseconds() -> Int64 {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    return Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec)
}

extension Duration {
    /// In whole nanoseconds, as far as 64 bits reach (292 years).
    var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, overflows) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        return overflows ? (seconds < 0 ? .min : .max) : product + attoseconds / 1_000_000_000
    }
}

/// Waiting for the server's answers in one exchange: wakes for octets, for the task's cancellation and for the time limit.
struct ExchangeWait {
    enum Outcome { case ready, again, stuck }

    /// How long a server may take to stop what it was asked to stop.
    private static let patience: Int64 = 3_000_000_000

    private let start = monotonicNanoseconds()
    private let limit: Int64?
    /// When, having been asked to stop, the server must have answered.
    private var end: Int64?

    private let each: Int64?

    /// Whether a statement that was cancelled was so because of its time limit, here or by the server.
    var isOverTime: Bool {
        guard let each else { return false }
        return monotonicNanoseconds() - start >= each / 10 * 9
    }

    init(limit: StatementLimit?, statements: Int) {
        self.limit = limit?.whole(statements)
        each = limit?.each
    }

    mutating func step(_ socket: Int32, _ events: Int16, _ cancellation: StatementCancellation) -> Outcome {
        var descriptor = pollfd(fd: socket, events: events, revents: 0)
        let count = poll(&descriptor, 1, 500)
        if count > 0 { return .ready }
        if count < 0 { return errno == EINTR ? .again : .stuck }
        let now = monotonicNanoseconds()
        if let end { return now >= end ? .stuck : .again }
        if cancellation.isCancelled {
            end = now + Self.patience
        } else if let limit, now - start >= limit {
            cancellation.stopStatement()
            end = now + Self.patience
        }
        return .again
    }
}
