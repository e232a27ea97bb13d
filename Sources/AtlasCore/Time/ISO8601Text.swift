/// The parts of an ISO 8601 date or time, as written: `2026-11-24`, `2026-11-24T09:00`, `2026-11-24 09:00:30.5-06:00`, …`Z`.
struct ISO8601Text {
    var date: CivilDate
    /// Seconds after midnight; `nil` for a bare date.
    var secondsOfDay: Int?
    /// The fraction of a second, 0 ≤ fraction < 1.
    var fraction = 0.0
    /// Seconds east of Greenwich; `nil` when none is written.
    var offset: Int?

    /// `nil` when `text` is none, or names a day or time that does not exist.
    init?(_ text: String) {
        var rest = Array(text.trimmed.utf8)[...]
        guard rest.count <= 40 else { return nil }

        func number(_ digits: Int) -> Int? {
            guard rest.count >= digits, rest.prefix(digits).allSatisfy({ $0 &- 0x30 < 10 }) else { return nil }
            defer { rest = rest.dropFirst(digits) }
            return rest.prefix(digits).reduce(0) { $0 * 10 + Int($1 - 0x30) }
        }
        func take(_ character: Unicode.Scalar) -> Bool {
            guard rest.first == UInt8(ascii: character) else { return false }
            rest = rest.dropFirst()
            return true
        }

        guard let year = number(4), year >= 1, take("-"), let month = number(2), take("-"), let day = number(2) else {
            return nil
        }
        date = CivilDate(year: year, month: month, day: day)
        guard date.isValid else { return nil }
        if rest.isEmpty { return }

        guard take("T") || take("t") || take(" ") else { return nil }
        guard let hour = number(2), hour < 24, take(":"), let minute = number(2), minute < 60 else { return nil }
        var second = 0
        if take(":") {
            guard let given = number(2), given < 60 else { return nil }
            second = given
            if take(".") || take(",") {
                let digits = rest.prefix { $0 &- 0x30 < 10 }
                guard !digits.isEmpty, digits.count <= 9 else { return nil }
                rest = rest.dropFirst(digits.count)
                fraction = Double("0." + String(decoding: digits, as: UTF8.self)) ?? 0
            }
        }
        secondsOfDay = hour * 3600 + minute * 60 + second
        if rest.isEmpty { return }

        if take("Z") || take("z") {
            offset = 0
        } else {
            let sign = take("-") ? -1 : 1
            if sign == 1, !take("+") { return nil }
            guard let hours = number(2), hours < 24 else { return nil }
            _ = take(":")
            guard let minutes = rest.isEmpty ? 0 : number(2), minutes < 60 else { return nil }
            offset = sign * (hours * 3600 + minutes * 60)
        }
        guard rest.isEmpty else { return nil }
    }
}
