#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// One calendar object resource (RFC 4791, 4.1): an event with its recurrence set and overrides, and whatever else stands in it.
///
/// It is kept as the lines that it came as, so that lines which a change does not concern stay octet for octet: a parser that builds
/// properties and writes them anew (libical's does) reorders, refolds and re-escapes what others wrote.
struct ICalendarObject: Sendable {
    private(set) var lines: [ContentLine]
    private(set) var components: [ICalendarComponent]
    /// The series, or the event that does not recur; nil where only single occurrences of a series are here.
    private(set) var master: ICalendarComponent?
    /// Occurrences that differ from the series, with what their RECURRENCE-ID says.
    private(set) var overrides: [(id: ICalendarTime, component: ICalendarComponent)] = []
    private(set) var uid = ""

    /// - Throws: ``AtlasError`` `upstream_error` when it is no iCalendar, or holds no event.
    init(parsing octets: [UInt8]) throws(AtlasError) {
        guard let lines = [ContentLine](parsing: octets) else { throw Self.broken("it is too large") }
        try self.init(lines: lines)
    }

    init(lines: [ContentLine]) throws(AtlasError) {
        guard let components = ICalendarComponent.all(in: lines), components.first?.name == "VCALENDAR" else {
            throw Self.broken("it is no iCalendar")
        }
        self.lines = lines
        self.components = components
        try index()
    }

    /// The object as RFC 5545 writes it.
    var octets: [UInt8] {
        var octets: [UInt8] = []
        octets.reserveCapacity(lines.reduce(0) { $0 + $1.octets.count })
        for line in lines { octets += line.octets }
        return octets
    }

    /// What the object's lines end with.
    var lineEnd: [UInt8] { lines.first?.octets.suffix(2) == [0x0D, 0x0A] ? [0x0D, 0x0A] : [0x0A] }

    func zones(_ business: BusinessZone) -> ICalendarZones {
        ICalendarZones(lines, components: components, business: business)
    }

    /// Puts other lines in the place of some.
    mutating func replace(_ range: Range<Int>, with new: [ContentLine]) throws(AtlasError) {
        lines.replaceSubrange(range, with: new)
        guard let components = ICalendarComponent.all(in: lines) else { throw Self.broken("a change broke it") }
        self.components = components
        try index()
    }

    /// Finds what the object is about: all of it has one UID (RFC 4791, 4.1); what has another is left alone.
    private mutating func index() throws(AtlasError) {
        let events = components.filter { $0.name == "VEVENT" && $0.depth == 1 }
        guard let first = events.first else { throw Self.broken("it holds no event") }
        uid = first.text("UID", in: lines) ?? ""
        master = nil
        overrides = []
        for event in events where (event.text("UID", in: lines) ?? "") == uid {
            if let line = event.first("RECURRENCE-ID", in: lines) {
                guard let time = line.time, overrides.count < 5_000 else { continue }
                overrides.append((time, event))
            } else if master == nil {
                master = event
            }
        }
        guard let one = master ?? overrides.first?.component, one.first("DTSTART", in: lines)?.time != nil else {
            throw Self.broken("its event has no start")
        }
    }

    static func broken(_ words: String) -> AtlasError {
        AtlasError(.upstreamError, "An event of the calendar cannot be read: \(words).", retryable: false)
    }
}
