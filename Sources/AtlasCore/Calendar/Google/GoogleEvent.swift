import JSON

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// An event resource of Google's (Calendar API, "Resource: events") that is there, and not a deleted one's remains.
struct GoogleEvent: Sendable {
    /// Google's own.
    let id: String
    /// For conditional changes.
    let etag: String?
    let span: EventSpan
    /// As Google has them, for comparing.
    let summary: String
    let location: String
    let description: String
    private let json: JSON

    /// Which members are asked for.
    static let fields =
        "id,etag,status,transparency,visibility,eventType,summary,description,location,start,end,recurrence,recurringEventId,"
        + "organizer(email),attendees(email,self,resource,responseStatus),htmlLink,iCalUID"

    /// Whether what Google gives for an id is what is left of a deleted event.
    static func isDeleted(_ json: JSON) -> Bool { json["status"]?.text == "cancelled" }

    /// The version of a resource; nil when it is none that a header can carry.
    static func etag(_ json: JSON) -> String? {
        json["etag"]?.text.flatMap { text in
            let isTag =
                text.utf8.count <= 200 && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F } && text.hasSuffix("\"")
            return isTag ? text : nil
        }
    }

    /// - Returns: nil for what is no event with an id and a time.
    init?(_ json: JSON, time: BusinessTime) {
        guard let id = json["id"]?.text, GoogleEventID.isRaw(id), let span = Self.span(json, time) else { return nil }
        self.id = id
        self.span = span
        self.json = json
        etag = Self.etag(json)
        summary = json["summary"]?.text ?? ""
        location = json["location"]?.text ?? ""
        description = json["description"]?.text ?? ""
    }

    private static func span(_ json: JSON, _ time: BusinessTime) -> EventSpan? {
        guard let start = edge(json["start"], time) else { return nil }
        switch (start, edge(json["end"], time)) {
        case (.moment(let start), .moment(let end)?): return start <= end ? .moments(start..<end) : nil
        case (.moment(let start), nil): return .moments(start..<start)
        case (.day(let start), .day(let end)?) where start < end: return .days(start..<end)
        case (.day(let start), .day?), (.day(let start), nil):
            return .days(start..<CivilDate(daysSince1970: start.daysSince1970 + 1))
        default: return nil
        }
    }

    private static func edge(_ json: JSON?, _ time: BusinessTime) -> EventEdge? {
        if let text = json?["date"]?.text {
            guard let day = ISO8601Text(text), day.secondsOfDay == nil else { return nil }
            return .day(day.date)
        }
        guard let text = json?["dateTime"]?.text, case .moment(let date)? = try? time.read(text, parameter: "start")
        else { return nil }
        return .moment(date)
    }

    var isTransparent: Bool {
        json["transparency"]?.text == "transparent"
            // Where somebody works, and whose birthday it is, takes up none of their time.
            || ["workingLocation", "birthday"].contains(json["eventType"]?.text) || isDeclined
    }

    private var isDeclined: Bool {
        json["attendees"]?.items?.contains { $0["self"]?.flag == true && $0["responseStatus"]?.text == "declined" }
            ?? false
    }

    /// Whether somebody is invited who is to hear of changes.
    var hasGuests: Bool {
        json["attendees"]?.items?.contains { $0["self"]?.flag != true && $0["resource"]?.flag != true } ?? false
    }

    var isSeries: Bool { json["recurrence"]?.items?.isEmpty == false }

    /// The rule of a series.
    private var rule: String? {
        json["recurrence"]?.items?.lazy.compactMap(\.text).first { $0.uppercased().hasPrefix("RRULE:") }
            .map { String($0.dropFirst(6)).cleaned().cutShort(at: 1000) }
    }

    func event(in calendarID: String, _ time: BusinessTime) -> CalendarEvent {
        let series = json["recurringEventId"]?.text.flatMap { GoogleEventID.isRaw($0) ? $0 : nil }
        let dates = time.dates(of: span)
        var isDays: Bool { if case .days = span { true } else { false } }
        let people = (json["attendees"]?.items ?? []).lazy.compactMap { Self.address($0["email"]) }
        return CalendarEvent(
            id: GoogleEventID.shown(id), calendarID: calendarID, summary: shownSummary, start: dates.lowerBound,
            end: dates.upperBound, allDay: isDays,
            location: location.cleaned(keepingLines: true).cutShort(at: 1000).nonEmpty,
            description: EventDescription.plain(description).cutShort(at: 8192).nonEmpty,
            status: json["status"]?.text == "tentative" ? .tentative : .confirmed, busy: !isTransparent,
            recurring: series != nil || isSeries, recurrence: rule,
            seriesID: series.map(GoogleEventID.shown), organizer: Self.address(json["organizer"]?["email"]),
            attendees: Array(people.prefix(200)), htmlLink: link,
            uid: GoogleEventID.uid(of: id) ?? json["iCalUID"]?.text?.cleaned().cutShort(at: 255).nonEmpty)
    }

    /// What Google's own calendar shows where there is no title, or where it is kept from the reader.
    private var shownSummary: String {
        if let summary = summary.cleaned().cutShort(at: 1000).nonEmpty { return summary }
        let isKept = ["private", "confidential"].contains(json["visibility"]?.text)
        return isKept ? "Busy" : "(No title)"
    }

    private var link: String? {
        json["htmlLink"]?.text.flatMap { $0.hasPrefix("https://") && WebURL.isAcceptable($0) ? $0 : nil }
    }

    private static func address(_ json: JSON?) -> String? { json?.text?.cleaned().cutShort(at: 254).nonEmpty }
}

extension BusinessTime {
    /// From when to when a span is; days as they are here.
    func dates(of span: EventSpan) -> Range<Date> {
        switch span {
        case .moments(let dates): dates
        case .days(let days): start(ofDay: days.lowerBound.daysSince1970)..<start(ofDay: days.upperBound.daysSince1970)
        }
    }
}

extension String {
    fileprivate var nonEmpty: String? { isEmpty ? nil : self }
}
