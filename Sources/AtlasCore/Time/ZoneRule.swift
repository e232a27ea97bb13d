/// The rule for times after a zone's last recorded transition, as `TZ` strings write it: `CST6CDT,M3.2.0,M11.1.0`.
///
/// Source: POSIX.1-2017 section 8.3 with the extension of RFC 9636 section 3.3.1 (hours from -167 to 167).
struct ZoneRule: Sendable, Equatable {
    /// When in a year the clocks change.
    enum Day: Sendable, Equatable {
        /// Week 1…5 (5 is the last) of a month, and the day of the week, 0 is Sunday.
        case monthWeek(month: Int, week: Int, weekday: Int)
        /// Day 1…365; 29 February is never counted.
        case julian(Int)
        /// Day 0…365; 29 February is counted.
        case zeroBased(Int)
    }

    struct Change: Sendable, Equatable {
        var day: Day
        /// Seconds after midnight, wall-clock time before the change.
        var time = 7200

        /// When it is in `year`, in seconds since 1970 on the wall clock before the change.
        func wall(in year: Int) -> Int {
            let newYear = CivilDate(year: year, month: 1, day: 1).daysSince1970
            let date: Int
            switch day {
            case .zeroBased(let number): date = newYear + number
            case .julian(let number): date = newYear + number - 1 + (CivilDate.isLeap(year) && number >= 60 ? 1 : 0)
            case .monthWeek(let month, let week, let weekday):
                let first = CivilDate(year: year, month: month, day: 1).daysSince1970
                let firstWeekday = (first + 4).floorRemainder(by: 7)
                var start = first + (weekday - firstWeekday).floorRemainder(by: 7) + (week - 1) * 7
                if start >= first + CivilDate.days(inMonth: month, of: year) { start -= 7 }
                date = start
            }
            return date * 86400 + time
        }
    }

    struct Period: Sendable, Equatable {
        var offset: Int
        var abbreviation: String
    }

    var standard: Period
    var daylight: (period: Period, start: Change, end: Change)?

    static func == (a: ZoneRule, b: ZoneRule) -> Bool {
        a.standard == b.standard && a.daylight?.period == b.daylight?.period && a.daylight?.start == b.daylight?.start
            && a.daylight?.end == b.daylight?.end
    }

    /// Which period holds at `instant`, in seconds since 1970 UTC.
    func period(at instant: Int) -> Period {
        guard let daylight else { return standard }
        let year = CivilDate(daysSince1970: (instant + standard.offset).floorDivided(by: 86400)).year
        let start = Self.instant(daylight.start, in: year, offset: standard.offset)
        let end = Self.instant(daylight.end, in: year, offset: daylight.period.offset)
        let isDaylight = start < end ? (start..<end).contains(instant) : !(end..<start).contains(instant)
        return isDaylight ? daylight.period : standard
    }

    private static func instant(_ change: Change, in year: Int, offset: Int) -> Int { change.wall(in: year) - offset }
}

extension ZoneRule {
    /// Reads a rule; `nil` when it is not one.
    init?(_ text: some StringProtocol) {
        var scanner = Scanner(rest: text.utf8.map { $0 }[...])
        guard let name = scanner.name(), let west = scanner.time() else { return nil }
        standard = Period(offset: -west, abbreviation: name)
        guard !scanner.rest.isEmpty else { return }
        guard let summer = scanner.name() else { return nil }
        var offset = standard.offset + 3600
        if scanner.rest.first != UInt8(ascii: ",") {
            guard let west = scanner.time() else { return nil }
            offset = -west
        }
        guard scanner.take(","), let start = scanner.change(), scanner.take(","), let end = scanner.change(),
            scanner.rest.isEmpty
        else { return nil }
        daylight = (Period(offset: offset, abbreviation: summer), start, end)
    }

    private struct Scanner {
        var rest: ArraySlice<UInt8>

        mutating func take(_ character: Unicode.Scalar) -> Bool {
            guard rest.first == UInt8(ascii: character) else { return false }
            rest.removeFirst()
            return true
        }

        /// Three letters or more, or anything between angle brackets.
        mutating func name() -> String? {
            let isQuoted = take("<")
            let letters = rest.prefix { isQuoted ? $0 != UInt8(ascii: ">") : ($0 | 0x20) &- 0x61 < 26 }
            rest = rest.dropFirst(letters.count)
            if isQuoted { guard take(">") else { return nil } }
            return letters.count >= 3 ? String(decoding: letters, as: UTF8.self) : nil
        }

        mutating func number(_ range: ClosedRange<Int>) -> Int? {
            let digits = rest.prefix { $0 &- 0x30 < 10 }
            guard !digits.isEmpty, digits.count <= 4 else { return nil }
            rest = rest.dropFirst(digits.count)
            let value = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
            return range.contains(value) ? value : nil
        }

        /// `[+-]hh[:mm[:ss]]` in seconds.
        mutating func time() -> Int? {
            let sign = take("-") ? -1 : 1
            _ = take("+")
            guard let hours = number(0...167) else { return nil }
            var seconds = hours * 3600
            if take(":") {
                guard let minutes = number(0...59) else { return nil }
                seconds += minutes * 60
                if take(":") {
                    guard let rest = number(0...59) else { return nil }
                    seconds += rest
                }
            }
            return sign * seconds
        }

        mutating func change() -> Change? {
            var change: Change
            if take("M") {
                guard let month = number(1...12), take("."), let week = number(1...5), take("."),
                    let weekday = number(0...6)
                else { return nil }
                change = Change(day: .monthWeek(month: month, week: week, weekday: weekday))
            } else if take("J") {
                guard let day = number(1...365) else { return nil }
                change = Change(day: .julian(day))
            } else {
                guard let day = number(0...365) else { return nil }
                change = Change(day: .zeroBased(day))
            }
            if take("/") {
                guard let time = time() else { return nil }
                change.time = time
            }
            return change
        }
    }
}
