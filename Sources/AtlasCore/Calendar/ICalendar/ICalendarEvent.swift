#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A VEVENT, as far as its times go (RFC 5545, 3.6.1).
struct ICalendarEvent: Sendable {
    let component: ICalendarComponent
    let start: ICalendarTime
    let length: Length

    enum Length: Sendable, Equatable {
        /// DTEND less DTSTART: each occurrence takes the same exact time (RFC 5545, 3.8.5.3).
        case exact(Int)
        /// DURATION, or whole days.
        case nominal(days: Int, seconds: Int)
    }

    /// - Returns: nil for an event without a start.
    init?(_ component: ICalendarComponent, _ object: ICalendarObject, _ zones: ICalendarZones) {
        self.component = component
        guard let start = component.first("DTSTART", in: object.lines)?.time else { return nil }
        self.start = start
        if let end = component.first("DTEND", in: object.lines)?.time {
            if start.isDate {
                let days = end.wall.floorDivided(by: 86400) - start.wall.floorDivided(by: 86400)
                length = .nominal(days: max(1, days), seconds: 0)
            } else {
                length = .exact(max(0, min(zones.instant(of: end) - zones.instant(of: start), Self.longest)))
            }
        } else if let duration = component.first("DURATION", in: object.lines).flatMap({ ICalendarDuration($0.value) })
        {
            let days = min(max(0, duration.days), Self.longest / 86400)
            length = .nominal(
                days: start.isDate ? max(1, days) : days,
                seconds: start.isDate ? 0 : min(max(0, duration.seconds), Self.longest))
        } else {
            length = .nominal(days: start.isDate ? 1 : 0, seconds: 0)
        }
    }

    /// A century: what lasts longer is a mistake, and would make every look at a range a look at the whole series.
    private static let longest = 100 * 366 * 86400

    /// In seconds, rounded up: how far before a range an occurrence may start and still reach into it.
    var reach: Int {
        switch length {
        case .exact(let seconds): seconds
        case .nominal(let days, let seconds): days * 86400 + seconds + 86400
        }
    }

    /// When an occurrence that starts at `start` ends, in seconds since 1970.
    func end(of start: ICalendarTime, _ zones: ICalendarZones) -> Int {
        switch length {
        case .exact(let seconds): return zones.instant(of: start) + seconds
        case .nominal(let days, let seconds):
            guard days > 0 else { return zones.instant(of: start) + seconds }
            return zones.instant(of: ICalendarTime(wall: start.wall + days * 86400, form: start.form)) + seconds
        }
    }

    /// The span of an occurrence.
    func span(of start: ICalendarTime, _ zones: ICalendarZones) -> EventSpan {
        if start.isDate, case .nominal(let days, _) = length {
            return .days(start.day..<CivilDate(daysSince1970: start.day.daysSince1970 + days))
        }
        let from = zones.instant(of: start)
        return .moments(
            Date(
                timeIntervalSince1970: Double(from))..<Date(
                    timeIntervalSince1970: Double(max(from, end(of: start, zones)))))
    }
}

extension ICalendarObject {
    /// An occurrence that starts at `start`, with the texts of its component.
    func occurrence(
        _ event: ICalendarEvent, at start: ICalendarTime, id: RecurrenceID?, rule: String?, recurs: Bool,
        _ zones: ICalendarZones
    ) -> ICalendarOccurrence {
        let component = event.component
        func text(_ name: String, _ longest: Int, keepingLines: Bool = false) -> String? {
            component.text(name, in: lines).map { $0.cleaned(keepingLines: keepingLines).cutShort(at: longest) }
                .flatMap { $0.isEmpty ? nil : $0 }
        }
        let busyStatus = component.text("X-MICROSOFT-CDO-BUSYSTATUS", in: lines)?.uppercased()
        let status: EventStatus
        switch component.text("STATUS", in: lines)?.uppercased() {
        case "CANCELLED": status = .cancelled
        case "TENTATIVE": status = .tentative
        case nil where busyStatus == "TENTATIVE": status = .tentative
        default: status = .confirmed
        }
        let transparency = component.text("TRANSP", in: lines)?.uppercased()
        let from = zones.instant(of: start)
        return ICalendarOccurrence(
            id: id, span: event.span(of: start, zones), start: Date(timeIntervalSince1970: Double(from)),
            end: Date(timeIntervalSince1970: Double(max(from, event.end(of: start, zones)))),
            summary: text("SUMMARY", 1_000) ?? "", location: text("LOCATION", 2_000),
            description: text("DESCRIPTION", 50_000, keepingLines: true), status: status,
            isTransparent: transparency == "TRANSPARENT" || transparency == nil && busyStatus == "FREE",
            recurrence: rule, isRecurring: recurs,
            organizer: component.first("ORGANIZER", in: lines).map(Self.address),
            attendees: component.every("ATTENDEE", in: lines).prefix(500).map(Self.address),
            url: text("URL", 2_000).flatMap { $0.lowercased().hasPrefix("https://") ? $0 : nil })
    }

    /// The e-mail address of a CAL-ADDRESS, else the name beside it, else what stands there.
    private static func address(_ line: ContentLine) -> String {
        let value = line.value.trimmed
        let address: String
        if value.lowercased().hasPrefix("mailto:") {
            address = String(value.dropFirst(7))
        } else {
            address = line.parameter("EMAIL") ?? line.parameter("CN") ?? value
        }
        return address.cleaned().cutShort(at: 320)
    }
}
