#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension ICalendarObject {
    /// A new event, its time zone written out (VTIMEZONE).
    init(_ draft: EventDraft, zone: BusinessZone, now: Date = Date()) throws(AtlasError) {
        let ending = LineEnding.crlf
        func line(_ head: String, _ value: String) -> ICalendarComponent.Item {
            .line(ContentLine(head, value, ending: ending))
        }
        let (start, end) = Self.times(draft.span, recurs: draft.recurrence != nil, zone: zone)
        let stamp = ICalendarTime.utc(now).text
        var items = [
            line("UID", ContentProperty.escaped(draft.uid)), line("DTSTAMP", stamp), line("CREATED", stamp),
            line("LAST-MODIFIED", stamp), line("SEQUENCE", "0"), line("DTSTART" + start.parameters, start.text),
            line("DTEND" + end.parameters, end.text),
        ]
        if let recurrence = draft.recurrence { items.append(line("RRULE", Self.rule(recurrence, start: start, zone))) }
        items.append(line("SUMMARY", ContentProperty.escaped(draft.summary)))
        for (name, text) in [("LOCATION", draft.location), ("DESCRIPTION", draft.description)] {
            guard let text, !text.trimmed.isEmpty else { continue }
            items.append(line(name, ContentProperty.escaped(text)))
        }
        for address in draft.attendees {
            // A URI holds no blank and no control character (RFC 6068); what would not be one is no address either.
            guard address.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else { continue }
            items.append(line("ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION", "mailto:\(address)"))
        }
        items += [line("STATUS", "CONFIRMED"), line("TRANSP", "OPAQUE")]
        var calendar: [ICalendarComponent.Item] = [
            line("VERSION", "2.0"), line("PRODID", "-//Atlas//Calendar//EN"), line("CALSCALE", "GREGORIAN"),
        ]
        if case .zoned(let name) = start.form {
            calendar.append(
                .component(
                    ICalendarComponent(
                        timeZone: zone, name: name, at: zone.instant(ofWallClock: start.wall), ending: ending)))
        }
        calendar.append(.component(ICalendarComponent(name: "VEVENT", items: items, ending: ending)))
        self.init(ICalendarComponent(name: "VCALENDAR", items: calendar, ending: ending))
    }

    /// In what form we write times of the business: by its zone's name; a zone without a name has its own, `local`, where a series
    /// needs the clock on the wall, and is UTC elsewhere.
    static func form(in zone: BusinessZone, recurs: Bool) -> ICalendarTime.Form {
        if !zone.name.hasPrefix("/"), ICalendarZones.system(zone.name) != nil {
            return ["UTC", "Etc/UTC"].contains(zone.name) ? .utc : .zoned(zone.name)
        }
        return recurs && zone.name != "UTC" ? .zoned("local") : .utc
    }

    static func times(_ span: EventSpan, recurs: Bool, zone: BusinessZone) -> (ICalendarTime, ICalendarTime) {
        switch span {
        case .days(let days):
            return (
                ICalendarTime(.day, wall: days.lowerBound.daysSince1970 * 86400),
                ICalendarTime(.day, wall: days.upperBound.daysSince1970 * 86400)
            )
        case .moments(let moments):
            let form = form(in: zone, recurs: recurs)
            func time(_ date: Date) -> ICalendarTime {
                let instant = date.wholeSeconds
                // The second of two equal times on the wall has no other form.
                if !recurs, form != .utc, zone.instant(ofWallClock: instant + zone.offset(at: instant)) != instant {
                    return ICalendarTime(.utc, wall: instant)
                }
                return ICalendarTime(form, wall: instant + (form == .utc ? 0 : zone.offset(at: instant)))
            }
            return (time(moments.lowerBound), time(moments.upperBound))
        }
    }

    /// A rule whose UNTIL is of the form that DTSTART's asks for (RFC 5545, 3.3.10): a day, or a moment in UTC.
    private static func rule(_ text: String, start: ICalendarTime, _ zone: BusinessZone) -> String {
        guard let parts = try? RecurrenceParts(reading: text), let until = parts.until else { return text }
        var time: ICalendarTime
        switch (start.form, until.form) {
        case (.day, _): time = ICalendarTime(.day, wall: until.wall)
        case (_, .utc): return text
        case (_, .day): time = ICalendarTime(.utc, wall: zone.instant(ofWallClock: until.wall + 86399))
        default: time = ICalendarTime(.utc, wall: zone.instant(ofWallClock: until.wall))
        }
        time.wall = max(time.wall, -62_135_596_800)
        return replacingUntil(in: text, with: time)
    }

    /// The rule with another UNTIL, everything else as it is written.
    static func replacingUntil(in text: String, with time: ICalendarTime) -> String {
        text.split(separator: ";", omittingEmptySubsequences: false).map { part in
            part.uppercased().hasPrefix("UNTIL=") ? "\(part.prefix(6))\(time.text)" : String(part)
        }.joined(separator: ";")
    }
}
