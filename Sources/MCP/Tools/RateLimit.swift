import Synchronization

/// How often a tool may be called: so many calls at once, so many a second in the long run.
public struct RateLimit: Sendable, Equatable {
    public var burst: Int
    public var perSecond: Int

    /// - Precondition: both are positive.
    public init(burst: Int, perSecond: Int) {
        precondition(burst > 0 && perSecond > 0, "A rate limit lets something through.")
        self.burst = burst
        self.perSecond = perSecond
    }

    /// More than any client asks of a tool that only reads; a loop run wild is still stopped.
    public static let reading = RateLimit(burst: 100_000, perSecond: 50_000)
    /// For tools that change something.
    public static let changing = RateLimit(burst: 20_000, perSecond: 5_000)
    /// For tools that reach people or systems outside.
    public static let reachingOut = RateLimit(burst: 1_000, perSecond: 100)

    /// What a tool is held to unless the server says otherwise.
    public static func standard(for hints: ToolHints) -> RateLimit {
        hints.contains(.openWorld) ? .reachingOut : hints.contains(.readOnly) ? .reading : .changing
    }
}

/// Counts the calls of one tool against its limit.
///
/// A generic cell rate algorithm: all it keeps is the moment at which the calls admitted so far would have been evenly
/// spaced, so that one atomic exchange admits a call.
final class RateLimiter: Sendable {
    /// Nanoseconds that one call takes up.
    private let spacing: Int
    /// How far ahead of the clock, in nanoseconds, calls may run.
    private let tolerance: Int
    private let spacedUntil = Atomic<Int>(.min)

    init(_ limit: RateLimit) {
        spacing = max(1, 1_000_000_000 / limit.perSecond)
        tolerance = spacing.multipliedReportingOverflow(by: limit.burst).overflow ? .max / 4 : spacing * limit.burst
    }

    /// Admits a call, or says after how many seconds to try again.
    ///
    /// - Parameter now: nanoseconds on a clock that never goes back.
    func admit(at now: Int) -> Int? {
        var expected = spacedUntil.load(ordering: .relaxed)
        while true {
            let next = max(expected, now) + spacing
            let ahead = next - now
            guard ahead <= tolerance else { return (ahead - tolerance + 999_999_999) / 1_000_000_000 }
            let (exchanged, original) = spacedUntil.weakCompareExchange(
                expected: expected, desired: next, ordering: .relaxed)
            if exchanged { return nil }
            expected = original
        }
    }

    private static let start = ContinuousClock.now

    /// Nanoseconds since some moment in this process.
    static var now: Int {
        let (seconds, attoseconds) = (ContinuousClock.now - start).components
        return Int(seconds) * 1_000_000_000 + Int(attoseconds / 1_000_000_000)
    }
}
