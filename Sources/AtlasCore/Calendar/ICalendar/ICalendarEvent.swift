/// The times of a VEVENT (RFC 5545, 3.6.1): what is needed to know when it is. Its texts stay in its lines.
struct ICalendarEvent: Sendable {
    /// How long each of its occurrences is.
    enum Length: Sendable, Equatable {
        /// Up to a time, from DTSTART: the same exact duration for all (3.8.5.3).
        case end(ICalendarTime)
        /// Days on the wall clock, and seconds.
        case duration(ICalendarDuration)
        /// A day lasts a day, a moment no time.
        case none
    }

    /// A time of RDATE.
    struct AddedDate: Sendable {
        var start: ICalendarTime
        /// Of a PERIOD.
        var length: Length?
    }

    var start: ICalendarTime
    var length: Length = .none
    var recurrenceID: ICalendarTime?
    var rules: [RecurrenceParts] = []
    /// Whether it has a rule, be it one that cannot be read.
    var hasRule = false
    /// EXRULE, which RFC 5545 knows no more and old programs still write.
    var exclusionRules: [RecurrenceParts] = []
    var added: [AddedDate] = []
    var exceptions: [ICalendarTime] = []
    var sequence = 0

    /// The most times that are read of EXDATE, and of RDATE.
    static let dateBound = 10_000

    /// Nil when it has no start that can be read.
    init?(_ component: ICalendarComponent) {
        guard let start = component.property("DTSTART").flatMap({ Self.times($0).first }) else { return nil }
        self.start = start
        for case .line(let line) in component.items {
            switch line.name {
            case "DTEND", "DURATION", "RECURRENCE-ID", "RRULE", "EXRULE", "RDATE", "EXDATE", "SEQUENCE": break
            default: continue
            }
            guard let property = ContentProperty(line) else { continue }
            switch line.name {
            case "DTEND": if let end = Self.times(property).first { length = .end(end) }
            case "DURATION":
                if length == .none, let duration = ICalendarDuration(property.value.trimmed) {
                    length = .duration(duration)
                }
            case "RECURRENCE-ID": recurrenceID = Self.times(property).first
            case "RRULE", "EXRULE":
                hasRule = hasRule || line.name == "RRULE"
                guard rules.count + exclusionRules.count < 8,
                    let parts = try? RecurrenceParts(reading: property.value.trimmed)
                else { continue }
                if line.name == "RRULE" { rules.append(parts) } else { exclusionRules.append(parts) }
            case "EXDATE":
                exceptions += Self.times(property).prefix(Self.dateBound - exceptions.count)
            case "RDATE": added += Self.addedDates(property).prefix(Self.dateBound - added.count)
            default: sequence = Int(property.value.trimmed) ?? 0
            }
        }
    }

    /// Whether there is more to it than one time.
    var recurs: Bool { hasRule || !added.isEmpty }

    /// The times in the value of a property, those that can be read.
    static func times(_ property: ContentProperty) -> [ICalendarTime] {
        let zone = property["TZID"]
        return property.value.split(separator: ",").prefix(dateBound).compactMap {
            ICalendarTime($0.trimmingBlanks, tzid: zone)
        }
    }

    private static func addedDates(_ property: ContentProperty) -> [AddedDate] {
        let zone = property["TZID"]
        return property.value.split(separator: ",").prefix(dateBound).compactMap { text in
            let parts = text.trimmingBlanks.split(separator: "/", maxSplits: 1)
            guard let first = parts.first, let start = ICalendarTime(first, tzid: zone) else { return nil }
            guard parts.count == 2 else { return AddedDate(start: start) }
            if let end = ICalendarTime(parts[1], tzid: zone) { return AddedDate(start: start, length: .end(end)) }
            return AddedDate(start: start, length: ICalendarDuration(parts[1]).map(Length.duration))
        }
    }

    /// The names of zones that its times are written in.
    var zoneNames: Set<String> {
        var names: Set<String> = []
        func add(_ time: ICalendarTime?) { if case .zoned(let name)? = time?.form { names.insert(name) } }
        add(start)
        add(recurrenceID)
        if case .end(let end) = length { add(end) }
        exceptions.forEach(add)
        for date in added {
            add(date.start)
            if case .end(let end)? = date.length { add(end) }
        }
        return names
    }
}

extension StringProtocol {
    fileprivate var trimmingBlanks: SubSequence {
        guard let first = firstIndex(where: { $0 != " " }), let last = lastIndex(where: { $0 != " " }) else {
            return self[startIndex..<startIndex]
        }
        return self[first...last]
    }
}
