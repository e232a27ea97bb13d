import Foundation
import Testing

@testable import AtlasCore

/// The sweep against the definition of a free slot, which is tried minute by minute.
struct FreeSlotsPropertyTests {
    /// Five days, some of them around a change of the clocks.
    private struct Window {
        let zone: BusinessZone
        /// The first minute's instant.
        let first: Int
        /// Of each minute.
        let offsets: [Int]

        init(_ name: String, _ day: String) throws {
            zone = try BusinessZone(named: name)
            let middle = try BusinessTime(zone: zone).read(day, parameter: "day").start
            let start = Int(middle.timeIntervalSince1970) - 2 * 86400
            offsets = (0..<5 * 1440).map { [zone] in zone.offset(at: start + $0 * 60) }
            first = start
        }
    }

    private struct Case {
        let window: Window
        let question: FreeSlots.Question
        let busy: [Range<Date>]

        init(_ window: Window, _ dice: inout SeededDice) {
            self.window = window
            func moment(_ dice: inout SeededDice, from: Int = 0) -> Int {
                // Mostly on quarters, so that edges meet.
                let minute = Int.random(in: from...window.offsets.count, using: &dice)
                return min(window.offsets.count, Bool.random(using: &dice) ? minute / 15 * 15 : minute)
            }
            func date(_ minute: Int) -> Date { Date(timeIntervalSince1970: Double(window.first + minute * 60)) }

            let (a, b) = (moment(&dice), moment(&dice))
            busy = (0..<Int.random(in: 0...12, using: &dice))
                .map { _ in
                    let start = moment(&dice)
                    let length = [0, 7, 30, 60, 90, 1500].randomElement(using: &dice) ?? 0
                    return date(start)..<date(start + length)
                }
            let ways: [WeeklyHours] = [
                .init(from: 0, to: 24), .init(from: 8, to: 18), .init(from: 0, to: 3), .init(from: 1, to: 2),
                .init(from: 22, to: 24), .init(days: (0..<7).map { _ in Self.spans(&dice) }),
            ]
            question = FreeSlots.Question(
                range: date(min(a, b))..<date(max(a, b)),
                minutes: [5, 15, 20, 60, 90, 240, 1440].randomElement(using: &dice) ?? 60,
                hours: ways.randomElement(using: &dice) ?? ways[0],
                buffer: [0, 0, 10, 15, 45].randomElement(using: &dice) ?? 0)
        }

        private static func spans(_ dice: inout SeededDice) -> [Range<Int>] {
            let edges = (0..<Int.random(in: 0...3, using: &dice) * 2)
                .map { _ in Int.random(in: 0...96, using: &dice) * 15 }.sorted()
            return stride(from: 0, to: edges.count, by: 2).map { edges[$0]..<edges[$0 + 1] }
        }

        /// The starts by the definition.
        var expected: [Int] {
            func minute(_ date: Date) -> Int { (Int(date.timeIntervalSince1970) - window.first) / 60 }
            let (low, high) = (minute(question.range.lowerBound), minute(question.range.upperBound))
            // How many minutes before each one are not for work.
            var idle = [0]
            for (index, offset) in window.offsets.enumerated() {
                let wall = (window.first + index * 60 + offset) / 60
                let day = question.hours.days[(wall / 1440 + 4) % 7]
                idle.append(idle[index] + (day.contains { $0.contains(wall % 1440) } ? 0 : 1))
            }
            let taken = busy.filter { !$0.isEmpty }
                .map { (minute($0.lowerBound) - question.buffer, minute($0.upperBound) + question.buffer) }
            var starts: [Int] = []
            for start in low..<max(low, high - question.minutes + 1) {
                let end = start + question.minutes
                let wall = window.first + start * 60 + window.offsets[start]
                if wall % 900 == 0, idle[end] == idle[start], taken.allSatisfy({ end <= $0.0 || $0.1 <= start }) {
                    starts.append(window.first + start * 60)
                }
            }
            return starts
        }
    }

    @Test(
        "Slots are those that the definition finds minute by minute",
        arguments: [
            ("America/Chicago", ["2026-03-08", "2026-11-01", "2026-06-30"]),
            ("Europe/Berlin", ["2026-03-29", "2026-10-25", "2026-01-01"]),
            ("Australia/Lord_Howe", ["2026-04-05", "2026-10-04"]),
            ("Asia/Kathmandu", ["2026-11-24"]),
            ("America/Havana", ["2026-03-08", "2026-11-01"]),
        ])
    func sweep(zone: String, days: [String]) throws {
        var dice = SeededDice(seed: 20_261_124)
        var found = 0
        for window in try days.map({ try Window(zone, $0) }) {
            for _ in 0..<(300 / days.count) {
                let example = Case(window, &dice)
                let limit = Int.random(in: 0...40, using: &dice)
                let slots = FreeSlots.find(example.question, busy: example.busy, zone: window.zone, limit: limit)
                let expected = example.expected
                found += expected.count
                guard slots.total == expected.count,
                    slots.slots.map({ Int($0.lowerBound.timeIntervalSince1970) }) == Array(expected.prefix(limit)),
                    slots.slots.allSatisfy({
                        $0.upperBound.timeIntervalSince($0.lowerBound) == Double(example.question.minutes * 60)
                            && FreeSlots.isFree(
                                $0, hours: example.question.hours, buffer: example.question.buffer,
                                busy: example.busy, zone: window.zone)
                    })
                else {
                    Issue.record("\(zone), \(example.question), \(example.busy): \(expected.count) not \(slots)")
                    return
                }
            }
        }
        #expect(found > 1000)
    }
}
