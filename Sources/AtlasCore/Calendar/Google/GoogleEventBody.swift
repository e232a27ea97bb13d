import JSON

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Events as Google wants them written.
struct GoogleEventBody {
    let time: BusinessTime

    /// A new event of this id.
    func new(_ draft: EventDraft, id: String) -> JSON {
        var body: JSON.Object = ["id": .string(id), "summary": .string(draft.summary)]
        body.append("start", edge(lower(draft.span), isRecurring: draft.recurrence != nil))
        body.append("end", edge(upper(draft.span), isRecurring: draft.recurrence != nil))
        if let location = draft.location { body.append("location", .string(location)) }
        if let description = draft.description {
            body.append("description", .string(EventDescription.written(description)))
        }
        if !draft.attendees.isEmpty { body.append("attendees", people(draft)) }
        if let rule = draft.recurrence { body.append("recurrence", [.string("RRULE:" + rule)]) }
        return .object(body)
    }

    /// The changes that make a deleted event this one, nothing of the old left.
    func again(_ draft: EventDraft) -> JSON {
        var body: JSON.Object = ["status": "confirmed", "summary": .string(draft.summary)]
        for (name, value) in edges(draft.span, insteadOf: nil, isRecurring: draft.recurrence != nil) {
            body.append(name, value)
        }
        body.append("location", .string(draft.location ?? ""))
        body.append("description", .string(EventDescription.written(draft.description ?? "")))
        body.append("attendees", people(draft))
        body.append("recurrence", .array(draft.recurrence.map { [.string("RRULE:" + $0)] } ?? []))
        return .object(body)
    }

    /// `start` and `end` of a patch. Members that a patch does not name stay (Calendar API, "Patch semantics"), so whichever of a day and
    /// a moment was there is taken away by name.
    ///
    /// - Parameter old: where the event was, whose zone then stays: a series recurs in it.
    func edges(_ span: EventSpan, insteadOf old: EventSpan?, isRecurring: Bool) -> [(String, JSON)] {
        [("start", lower(span)), ("end", upper(span))].map { name, end in
            var object = edge(end, isRecurring: isRecurring).object ?? [:]
            switch (end, old) {
            case (.moment, .moments?): object["timeZone"] = nil
            case (.moment, _): object.append("date", .null)
            case (.day, .days?): break
            case (.day, _):
                object.append("dateTime", .null)
                object.append("timeZone", .null)
            }
            return (name, .object(object))
        }
    }

    private func people(_ draft: EventDraft) -> JSON {
        .array(draft.attendees.map { ["email": .string($0)] })
    }

    /// A moment has its offset with it; a series needs a zone as well, in which it recurs.
    private func edge(_ edge: EventEdge, isRecurring: Bool) -> JSON {
        switch edge {
        case .day(let day): return ["date": .string(day.iso8601)]
        case .moment(let date):
            var object: JSON.Object = ["dateTime": .string(time.iso8601(date))]
            if let zone = time.zone.ianaName ?? (isRecurring ? "UTC" : nil) {
                object.append("timeZone", .string(zone))
            }
            return .object(object)
        }
    }

    private func lower(_ span: EventSpan) -> EventEdge {
        switch span {
        case .moments(let dates): .moment(dates.lowerBound)
        case .days(let days): .day(days.lowerBound)
        }
    }

    private func upper(_ span: EventSpan) -> EventEdge {
        switch span {
        case .moments(let dates): .moment(dates.upperBound)
        case .days(let days): .day(days.upperBound)
        }
    }
}

extension BusinessZone {
    /// The name by which others know the zone, too; nil for the machine's own, which may have none.
    var ianaName: String? {
        let isIANA = name == "UTC" || name.contains("/") && !name.hasPrefix("/")
        return isIANA ? name : nil
    }
}
