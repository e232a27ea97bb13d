extension WeeklyHours {
    /// `08:00–12:00`, `13:00–17:00`.
    func words(on day: CivilDate) -> [String] {
        let weekday = (day.daysSince1970 + 4).floorRemainder(by: 7)
        func clock(_ minutes: Int) -> String {
            func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
            return "\(two(minutes / 60)):\(two(minutes % 60))"
        }
        return days.indices.contains(weekday)
            ? days[weekday].map { "\(clock($0.lowerBound))–\(clock($0.upperBound))" } : []
    }
}
