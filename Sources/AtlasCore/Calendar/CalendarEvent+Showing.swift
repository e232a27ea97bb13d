extension CalendarEvent {
    /// The same, with the times as the business says them and texts no longer than a result can carry.
    func shown(in time: BusinessTime, longestText: Int) -> CalendarEvent {
        var event = self
        event.when = allDay ? time.days(from: start, to: end) : time.span(from: start, to: end)
        event.summary = summary.cleaned().cutShort(at: 500)
        event.location = location.map { $0.cleaned().cutShort(at: 1_000) }
        event.description = description.map { $0.cleaned(keepingLines: true).cut(at: longestText) }
        event.organizer = organizer.map { $0.cleaned().cutShort(at: 320) }
        event.attendees = attendees.prefix(100).map { $0.cleaned().cutShort(at: 320) }
        if attendees.count > 100 { event.attendees.append("and \(attendees.count - 100) more") }
        event.uid = uid.map { $0.cleaned().cutShort(at: 300) }
        event.htmlLink = htmlLink.flatMap { $0.utf8.count <= 2_000 ? $0 : nil }
        return event
    }
}

extension CalendarInfo {
    /// Names are other people's words, too.
    var presentable: CalendarInfo {
        var info = self
        info.name = name.cleaned().cutShort(at: 200)
        return info
    }
}
