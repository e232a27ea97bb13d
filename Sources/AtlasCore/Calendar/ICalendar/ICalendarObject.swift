#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// One calendar object resource (RFC 4791, 4.1): an event with its recurrence set and overrides, and whatever else stands in it.
///
/// Lines that a change does not concern are kept octet for octet.
struct ICalendarObject: Sendable {
    /// What stands around the calendar; nothing, mostly.
    private var before: [ContentLine] = []
    private var after: [ContentLine] = []
    private(set) var calendar: ICalendarComponent
    let ending: LineEnding

    /// Where the series stands in the calendar; nil in one that holds single occurrences only.
    private(set) var masterIndex: Int?
    private(set) var overrideIndices: [Int] = []
    private var master: ICalendarEvent?
    private var overrides: [ICalendarEvent] = []
    private var zones: ICalendarZones

    /// Of the first event: the events of one object have one UID (RFC 4791, 4.1).
    private(set) var uid = ""

    /// The largest object that is read, in octets.
    static let sizeLimit = 4 << 20

    /// - Throws: ``AtlasError`` `upstream_error` when it is no iCalendar, or holds no event.
    init(parsing octets: [UInt8]) throws(AtlasError) {
        guard octets.count <= Self.sizeLimit else {
            throw AtlasError(.upstreamError, "The calendar holds an event of more than 4 MB, which cannot be read.")
        }
        let lines = ContentLine.lines(of: octets)
        let unreadable = AtlasError(.upstreamError, "The calendar holds an event that is no iCalendar text.")
        guard
            let start = lines.firstIndex(where: {
                $0.name == "BEGIN" && ContentProperty($0)?.value.trimmed.uppercased() == "VCALENDAR"
            })
        else { throw unreadable }
        var rest = lines[start...]
        guard let calendar = ICalendarComponent(taking: &rest) else { throw unreadable }
        before = Array(lines[..<start])
        after = Array(rest)
        self.calendar = calendar
        ending = LineEnding(of: octets)
        zones = ICalendarZones(of: calendar, names: [])
        read()
        guard master != nil || !overrides.isEmpty else {
            throw AtlasError(
                .upstreamError, "The calendar holds an object without an event, or one whose event has no start.")
        }
    }

    /// A calendar of ours.
    init(_ calendar: ICalendarComponent) {
        self.calendar = calendar
        ending = .crlf
        zones = ICalendarZones(of: calendar, names: [])
        read()
    }

    /// Finds the events, anew after each change.
    private mutating func read() {
        (masterIndex, master, overrideIndices, overrides) = (nil, nil, [], [])
        var found: String?
        // One override for each occurrence, the newest.
        var byID: [ICalendarTime: Int] = [:]
        for (index, item) in calendar.items.enumerated() {
            guard case .component(let component) = item, component.name == "VEVENT",
                let event = ICalendarEvent(component)
            else { continue }
            let uid = component.property("UID")?.text.trimmed ?? ""
            if found == nil { found = uid }
            guard uid == found else { continue }
            guard let id = event.recurrenceID else {
                if master == nil { (master, masterIndex) = (event, index) }
                continue
            }
            if let place = byID[id] {
                guard event.sequence >= overrides[place].sequence else { continue }
                overrides[place] = event
                overrideIndices[place] = index
            } else {
                byID[id] = overrides.count
                overrides.append(event)
                overrideIndices.append(index)
            }
        }
        uid = found ?? ""
        let names = overrides.reduce(into: master?.zoneNames ?? []) { $0.formUnion($1.zoneNames) }
        zones = ICalendarZones(of: calendar, names: names)
    }

    /// The object as RFC 5545 writes it: CRLF, folded at 75 octets.
    var octets: [UInt8] {
        var octets: [UInt8] = []
        for line in before { octets += line.octets }
        calendar.write(to: &octets)
        for line in after { octets += line.octets }
        return octets
    }

    /// Changes the calendar's lines, and reads what they say now.
    mutating func edit(_ body: (inout ICalendarComponent) -> Void) {
        body(&calendar)
        read()
    }

    func set(in zone: BusinessZone) -> RecurrenceSet {
        RecurrenceSet(master: master, overrides: overrides, zones: zones, business: zone)
    }

    /// The VEVENT at that place of the calendar.
    func component(at index: Int) -> ICalendarComponent? {
        guard calendar.items.indices.contains(index), case .component(let component) = calendar.items[index] else {
            return nil
        }
        return component
    }
}
