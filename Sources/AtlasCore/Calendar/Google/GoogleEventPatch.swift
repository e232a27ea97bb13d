import JSON

/// What of an event becomes something else.
struct GoogleEventPatch {
    private var texts: [(field: Field, wanted: String)] = []
    private var span: EventSpan?

    private enum Field: String, CaseIterable {
        case summary, location, description

        func text(of event: GoogleEvent) -> String {
            switch self {
            case .summary: event.summary
            case .location: event.location
            case .description: event.description
            }
        }
    }

    /// - Throws: ``AtlasError`` `invalid_argument` when the times do not fit each other.
    init(_ change: EventChange, of event: GoogleEvent) throws(AtlasError) {
        for (field, wanted) in [
            (Field.summary, change.summary), (.location, change.location),
            (.description, change.description.map(EventDescription.written)),
        ] {
            if let wanted, wanted != field.text(of: event) { texts.append((field, wanted)) }
        }
        if let wanted = try change.span(insteadOf: event.span), wanted != event.span { span = wanted }
    }

    var isEmpty: Bool { texts.isEmpty && span == nil }

    func json(instead event: GoogleEvent, _ body: GoogleEventBody) -> JSON {
        var object: JSON.Object = [:]
        for (field, wanted) in texts { object.append(field.rawValue, .string(wanted)) }
        if let span {
            for (name, value) in body.edges(span, insteadOf: event.span, isRecurring: event.isSeries) {
                object.append(name, value)
            }
        }
        return .object(object)
    }

    /// What somebody else has made of the parts that were to change; nil when they left them alone, or wanted the same.
    func conflict(from before: GoogleEvent, to now: GoogleEvent, _ time: BusinessTime) -> AtlasError? {
        var changed: [String] = []
        for (field, wanted) in texts {
            let current = field.text(of: now)
            guard current != field.text(of: before), current != wanted else { continue }
            changed.append("\(field.rawValue) is now \"\(EventDescription.plain(current).cleaned().cutShort(at: 80))\"")
        }
        if let span, now.span != before.span, now.span != span {
            let dates = time.dates(of: now.span)
            changed.append("its time is now \(time.span(from: dates.lowerBound, to: dates.upperBound))")
        }
        guard !changed.isEmpty else { return nil }
        return AtlasError(
            .conflict,
            "Somebody else changed the event meanwhile: \(changed.joined(separator: ", ")). Look at it again, then repeat what is still wanted."
        )
    }
}
