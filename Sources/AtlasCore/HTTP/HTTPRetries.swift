/// How a request that changes nothing is repeated: after connection failures, 429, 500, 502, 503 and 504, honouring `Retry-After`
/// (RFC 9110, 10.2.3), else after pauses that double, with jitter.
public struct HTTPRetries: Sendable, Equatable {
    public var attempts: Int
    public var firstPause: Duration
    /// A server that asks for more patience than this is not waited for.
    public var longestPause: Duration

    public init(attempts: Int, firstPause: Duration = .milliseconds(200), longestPause: Duration = .seconds(10)) {
        self.attempts = attempts
        self.firstPause = firstPause
        self.longestPause = longestPause
    }

    /// One attempt.
    public static let none = HTTPRetries(attempts: 1)
    /// For reads.
    public static let reads = HTTPRetries(attempts: 3)

    /// How long to wait before the next attempt; nil when there shall be none.
    ///
    /// - Parameters:
    ///   - attempt: how many there were.
    ///   - chance: 0…1. Callers that failed together shall not come back together, so all of the pause is left to chance.
    func pause(after outcome: Result<HTTPResponse, HTTPError>, attempt: Int, chance: Double) -> Duration? {
        guard attempt < attempts else { return nil }
        switch outcome {
        case .failure(let error):
            guard [.unknownHost, .unreachable, .timeout, .interrupted].contains(error.kind) else { return nil }
        case .success(let response):
            guard [429, 500, 502, 503, 504].contains(response.status) else { return nil }
            if let asked = response.retryAfter { return asked <= longestPause ? asked : nil }
        }
        return min(longestPause, firstPause * (1 << min(attempt - 1, 20))) * chance
    }
}
