#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A time zone of the platform's zone data (RFC 9636), read without Foundation, whose named zones cost every server start
/// more than this file does.
public struct BusinessZone: Sendable {
    /// The IANA name, or `local`.
    public let name: String
    /// Instants (seconds since 1970 UTC) at which the offset changes, ascending, each with what holds from then on.
    private let transitions: [Int]
    private let periods: [ZoneRule.Period]
    private let first: ZoneRule.Period
    /// What holds after the last recorded transition.
    let rule: ZoneRule?

    public static let utc = BusinessZone(
        name: "UTC", transitions: [], periods: [], rule: nil, first: .init(offset: 0, abbreviation: "UTC"))

    init(name: String, transitions: [Int], periods: [ZoneRule.Period], rule: ZoneRule?, first: ZoneRule.Period) {
        self.name = name
        self.transitions = transitions
        self.periods = periods
        self.rule = rule
        self.first = first
    }

    /// The zone of that IANA name, or the machine's when `name` is `nil`.
    ///
    /// - Throws: ``AtlasError`` `not_configured` when there is no such zone, naming `ATLAS_TIMEZONE`.
    public init(named name: String?) throws(AtlasError) {
        guard let name else {
            self = Self.ofThisMachine()
            return
        }
        guard let zone = BusinessZone(iana: name) else {
            throw AtlasError(
                .notConfigured,
                "\(ConfigurationKey.timeZone.name) names no time zone this machine knows: \(name.prefix(60)). Use an IANA name like America/Chicago (package tzdata)."
            )
        }
        self = zone
    }

    /// The zone of that IANA name, nil when this machine knows none.
    init?(iana name: String) {
        let isPlain = name.utf8.allSatisfy { byte in
            (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10 || "_-+/".utf8.contains(byte)
        }
        guard isPlain, !name.hasPrefix("/"), let zone = Self.read(name) else { return nil }
        self = zone
    }

    private static func ofThisMachine() -> BusinessZone {
        if let variable = getenv("TZ") {
            var name = String(cString: variable)
            if name.hasPrefix(":") { name.removeFirst() }
            if !name.isEmpty, let zone = read(name) { return zone }
            if let rule = ZoneRule(name) {
                return BusinessZone(name: name, transitions: [], periods: [], rule: rule, first: rule.standard)
            }
        }
        return ZoneFile.read("/etc/localtime", name: "local") ?? .utc
    }

    private static func read(_ name: String) -> BusinessZone? {
        if name.hasPrefix("/") { return ZoneFile.read(name, name: name) }
        for folder in ["/usr/share/zoneinfo/", "/var/db/timezone/zoneinfo/"] {
            if let zone = ZoneFile.read(folder + name, name: name) { return zone }
        }
        return name == "UTC" ? .utc : nil
    }

    func period(at instant: Int) -> ZoneRule.Period {
        guard let last = transitions.last else { return rule?.period(at: instant) ?? first }
        if instant >= last, let rule { return rule.period(at: instant) }
        var low = 0
        var high = transitions.count
        while low < high {
            let middle = (low + high) / 2
            if transitions[middle] <= instant { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? first : periods[low - 1]
    }

    /// Seconds east of Greenwich at `instant`, which is seconds since 1970 UTC.
    public func offset(at instant: Int) -> Int { period(at: instant).offset }

    /// The zone's abbreviation at `instant`, like `CST`.
    public func abbreviation(at instant: Int) -> String { period(at: instant).abbreviation }

    /// The instants at which the clocks here show `wall` (seconds since 1970 as if the wall clock were UTC): none when a
    /// change of the clocks skips it, two when it occurs twice.
    public func instants(ofWallClock wall: Int) -> [Int] {
        var found: [Int] = []
        // The offsets that may hold are those of the day before and the day after.
        for probe in [wall - 86400, wall + 86400] {
            let instant = wall - offset(at: probe)
            if offset(at: instant) == wall - instant, !found.contains(instant) { found.append(instant) }
        }
        return found.sorted()
    }

    /// The instant that a calendar means by `wall` (RFC 5545, 3.3.5): of two the first, and a time that is skipped by the offset
    /// before the gap.
    func instant(ofWallClock wall: Int) -> Int {
        let before = wall - offset(at: wall - 86400)
        let after = wall - offset(at: wall + 86400)
        if before == after { return before }
        return instants(ofWallClock: wall).first ?? before
    }
}
