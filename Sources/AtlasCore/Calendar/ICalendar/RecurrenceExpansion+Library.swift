import CICal

extension RecurrenceExpansion {
    /// Whether libical can be opened.
    static var hasLibrary: Bool {
        var answer: Int32 = 0
        let rule = atlas_ical_recurrence_open("FREQ=DAILY;COUNT=1", 2026, 1, 1, &answer)
        if let rule { atlas_ical_recurrence_close(rule) }
        return answer >= 0
    }
}
