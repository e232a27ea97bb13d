#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// An event at a time.
struct ICalendarOccurrence: Sendable, Equatable {
    /// Nil for an event that does not recur, and for a series as a whole.
    var id: RecurrenceID?
    var span: EventSpan
    var start: Date
    var end: Date
    var summary: String
    var location: String?
    var description: String?
    var status: EventStatus
    var isTransparent: Bool
    /// The series' rule.
    var recurrence: String?
    var isRecurring: Bool
    /// E-mail addresses, `mailto:` taken off.
    var organizer: String?
    var attendees: [String]
    var url: String?
}

extension ICalendarOccurrence {
    /// What a component says of itself beside its times: texts cleaned, for they are other people's, and cut to limits.
    struct Details {
        var summary: String
        var location: String?
        var description: String?
        var status: EventStatus
        var isTransparent: Bool
        var organizer: String?
        var attendees: [String]
        var url: String?
        /// As it is written.
        var recurrence: String?

        init(_ component: ICalendarComponent) {
            func text(_ name: String, _ limit: Int, lines: Bool = false) -> String? {
                guard let text = component.property(name)?.text.cleaned(keepingLines: lines), !text.isEmpty else {
                    return nil
                }
                return String(text.prefix(limit))
            }
            summary = text("SUMMARY", 500) ?? ""
            location = text("LOCATION", 500)
            description = text("DESCRIPTION", 16_000, lines: true)
            status = (text("STATUS", 20)?.lowercased()).flatMap(EventStatus.init) ?? .confirmed
            isTransparent = text("TRANSP", 20)?.uppercased() == "TRANSPARENT"
            organizer = component.property("ORGANIZER").flatMap(Self.address)
            attendees = component.properties("ATTENDEE").prefix(200).compactMap(Self.address)
            recurrence = component.property("RRULE").map { String($0.value.cleaned().prefix(500)) }
            url = text("URL", WebURL.longest).flatMap { WebURL.isAcceptable($0) ? $0 : nil }
        }

        /// The e-mail address of a CAL-ADDRESS (RFC 5545, 3.3.3); some name a principal there, and the address in EMAIL (RFC 7986, 6.2).
        private static func address(_ property: ContentProperty) -> String? {
            for text in [property.value, property["EMAIL"] ?? ""] {
                var address = text.trimmed
                let isMail = address.lowercased().hasPrefix("mailto:")
                if isMail { address = String(address.dropFirst(7)) }
                address = address.cleaned()
                let parts = address.split(separator: "@", omittingEmptySubsequences: false)
                if parts.count == 2, parts.allSatisfy({ !$0.isEmpty }), address.utf8.count <= 320,
                    !address.contains("/"), !address.contains(" ")
                {
                    return address
                }
            }
            return nil
        }
    }
}
