import AtlasCore
import AtlasServer
import MCP

enum DayResources {
    static let templates: [ResourceTemplate<Diary>] = [
        ResourceTemplate(
            DayURI.template, name: "day", title: "Day",
            description:
                "A day at a glance: its events, its appointments, and the time that is left. The date as 2026-11-24.",
            mimeType: "application/json",
            read: { diary, variables in .json(try await diary.calendar.day(variables["date"] ?? "")) },
            complete: { diary, _, text, _ in try diary.calendar.coming(startingWith: text) })
    ]
}

/// Where a day can be read as a resource.
enum DayURI {
    static let template = "atlas://calendar/{date}"

    static func of(_ date: String) -> String { "atlas://calendar/\(date)" }
}
