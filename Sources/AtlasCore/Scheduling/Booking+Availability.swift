#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension Booking {
    /// When there can be a visit, from a day on.
    ///
    /// - Parameters:
    ///   - date: as people say it.
    ///   - daysAhead: how many days, 1…31.
    ///   - minutes: how long the visit takes; nil for what the service takes.
    public func availability(
        date: String, daysAhead: Int = 7, serviceType: String? = nil, minutes: Int? = nil, resource: String = ""
    ) async throws -> Availability {
        var problems = Problems()
        let first = problems.note { () throws(AtlasError) in
            try SpokenDate.read(date, now: now(), time: time, parameter: "date")
        }
        let minutes = problems.note { () throws(AtlasError) in
            try BookingRequest.minutes(minutes) ?? policy.minutes(of: serviceType)
        }
        let resource = problems.note { () throws(AtlasError) in try TextLimit.resource.optional(resource) ?? "" }
        _ = problems.note { () throws(AtlasError) in
            guard (1...31).contains(daysAhead) else {
                throw AtlasError(
                    .invalidArgument, "days_ahead must be between 1 and 31, got \(daysAhead).", parameter: "days_ahead")
            }
            if let first, first < time.day(of: now()) {
                throw AtlasError(
                    .invalidArgument, "date must not be in the past: \(BusinessTime.longDate(first)).",
                    parameter: "date")
            }
        }
        try problems.check()
        guard let first, let minutes, let resource else { throw AtlasError(.internal, "A day could not be read.") }

        let days = (0..<daysAhead).map { CivilDate(daysSince1970: first.daysSince1970 + $0) }
        let bounds = days.map(bookable)
        var answer = Availability(
            days: [], closed: [], durationMinutes: minutes, timezone: time.zone.name, total: 0, warnings: [])
        if first > lastDay {
            answer.warnings.append(
                "Visits are booked at most \(policy.horizon) days ahead, until \(BusinessTime.longDate(lastDay)).")
        }
        let taken = try await taken(in: bounds.compactMap(\.self), resource: resource)
        answer.warnings += taken.warnings
        for (day, bounds) in zip(days, bounds) {
            let hours = policy.hours.words(on: day)
            if hours.isEmpty { answer.closed.append(day.text) }
            var slots = FreeSlots(slots: [], total: 0)
            if let bounds {
                slots = free(in: bounds, minutes: minutes, busy: taken.busy, limit: min(20, 200 / daysAhead))
            }
            answer.days.append(
                Availability.Day(
                    date: day.text, weekday: day.weekdayName, hours: hours,
                    free: slots.slots.map(shown), total: slots.total))
            answer.total += slots.total
        }
        return answer
    }

    /// When confirmed appointments take up time, whether a calendar shows them or not, by start.
    ///
    /// - Parameter unsyncedOnly: only those that the calendar does not show as they are.
    public func busy(in range: Range<Date>, resource: String? = nil, unsyncedOnly: Bool = false) async throws
        -> [Range<Date>]
    {
        let query = Query.appointments(
            "start_time, end_time, synced_revision IS NOT DISTINCT FROM revision AS is_synced", in: range,
            of: businessContextID, resource)
        return try await database.look { connection in
            var spans: [Range<Date>] = []
            for row in try connection.query(query) {
                if unsyncedOnly, try row.get("is_synced") { continue }
                let (start, end): (Date, Date) = (try row.get("start_time"), try row.get("end_time"))
                spans.append(start..<end)
            }
            return spans
        }
    }

    // MARK: -

    /// What cannot be booked: appointments, and what the calendar shows if it can be asked.
    func taken(
        in ranges: [Range<Date>], resource: String, except row: AppointmentRow? = nil
    ) async throws -> (busy: [Range<Date>], warnings: [String]) {
        guard let start = ranges.map(\.lowerBound).min(), let end = ranges.map(\.upperBound).max() else {
            return ([], [])
        }
        let range = margin(of: start..<end)
        let query = Query.appointments(
            "start_time, end_time", in: range, of: row?.appointment.businessContextID ?? businessContextID, resource,
            except: row?.id)
        var busy: [Range<Date>] = try await database.look { connection in
            try connection.query(query).map { row in
                let (start, end): (Date, Date) = (try row.get("start_time"), try row.get("end_time"))
                return start..<end
            }
        }
        do {
            busy += try await limited { [calendar] in
                try await calendar.busy(in: range, except: row?.id)
            }
            return (busy, [])
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            return (busy, ["Only the appointments were looked at: \(Self.reason(error))"])
        }
    }

    /// What of a day can be booked; nil when nothing can.
    private func bookable(_ day: CivilDate) -> Range<Date>? {
        guard day <= lastDay else { return nil }
        let start = max(time.start(ofDay: day.daysSince1970), earliest)
        let end = time.start(ofDay: day.daysSince1970 + 1)
        return start < end ? start..<end : nil
    }

    private func shown(_ slot: Range<Date>) -> Availability.FreeTime {
        Availability.FreeTime(
            start: slot.lowerBound, end: slot.upperBound, when: time.span(from: slot.lowerBound, to: slot.upperBound))
    }

    func free(in range: Range<Date>, minutes: Int, busy: [Range<Date>], limit: Int) -> FreeSlots {
        FreeSlots.find(
            FreeSlots.Question(range: range, minutes: minutes, hours: policy.hours, buffer: policy.buffer), busy: busy,
            zone: time.zone, limit: limit)
    }

    /// Up to three times that are free from then on and apart from each other, as words.
    func nextFree(
        after start: Date, minutes: Int, resource: String, except row: AppointmentRow? = nil
    ) async throws -> [String] {
        let from = max(start, earliest)
        let end = from.addingTimeInterval(15 * 86400)
        let taken = try await taken(in: [from..<end], resource: resource, except: row)
        let free = free(in: from..<end, minutes: minutes, busy: taken.busy, limit: 2000).slots
        var found: [Range<Date>] = []
        for slot in free where found.count < 3 && time.day(of: slot.lowerBound) <= lastDay {
            if found.last.map({ $0.upperBound <= slot.lowerBound }) != false { found.append(slot) }
        }
        return found.map { time.span(from: $0.lowerBound, to: $0.upperBound) }
    }

    /// What an outside service said, for a caller to read.
    static func reason(_ error: any Error) -> String {
        (error as? AtlasError)?.message ?? "The calendar failed in a way that it does not explain."
    }
}

extension CivilDate {
    /// `2026-11-24`
    var text: String {
        func padded(_ number: Int, _ width: Int) -> String {
            String(repeating: "0", count: max(0, width - String(number).count)) + String(number)
        }
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
    }
}
