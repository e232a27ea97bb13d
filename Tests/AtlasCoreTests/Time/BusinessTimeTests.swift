import Foundation
import Testing

@testable import AtlasCore

struct BusinessTimeTests {
    private func time(_ zone: String) throws -> BusinessTime { BusinessTime(zone: try BusinessZone(named: zone)) }

    @Test(
        "Offsets equal the platform's own",
        arguments: [
            "America/Chicago", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu", "America/Sao_Paulo",
            "Africa/Casablanca",
            "Pacific/Apia", "America/St_Johns", "Europe/Dublin", "Antarctica/Troll", "UTC", "Asia/Gaza",
        ])
    func offsetsEqualThePlatforms(name: String) throws {
        let zone = try BusinessZone(named: name)
        var random = SplitMix(state: 7)
        let instants = (0..<4000).map { _ in Int(random.next() % 3_700_000_000) - 600_000_000 }
        let ours = instants.map { instant in
            let offset = zone.offset(at: instant)
            func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
            return (offset < 0 ? "-" : "+") + two(abs(offset) / 3600) + ":" + two(abs(offset) / 60 % 60) + ":"
                + two(abs(offset) % 60)
        }
        #expect(try Self.offsets(in: name, at: instants) == ours)
    }

    /// What GNU `date`, and so the C library, says. (Foundation brings zone data of its own, of another year.)
    private static func offsets(in zone: String, at instants: [Int]) throws -> [String] {
        let file = NSTemporaryDirectory() + "atlas-\(UUID().uuidString)"
        try instants.map { "@\($0)\n" }.joined().write(toFile: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: file) }
        let date = Process()
        date.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        date.arguments = ["TZ=\(zone)", "date", "-f", file, "+%::z"]
        let output = Pipe()
        date.standardOutput = output
        try date.run()
        let text = try output.fileHandleForReading.readToEnd() ?? Data()
        date.waitUntilExit()
        return String(decoding: text, as: UTF8.self).split(separator: "\n")
            .map { $0 == "-00:00:00" ? "+00:00:00" : String($0) }  // "unknown" before anybody lived there
    }

    @Test(
        "A time is shown with the zone's offset",
        arguments: [
            ("America/Chicago", 1_795_532_400, "2026-11-24T09:00:00-06:00"),
            ("America/Chicago", 1_784_041_200, "2026-07-14T10:00:00-05:00"),
            ("Asia/Kathmandu", 0, "1970-01-01T05:30:00+05:30"),
            ("UTC", -1, "1969-12-31T23:59:59+00:00"),
        ])
    func shown(zone: String, instant: Int, text: String) throws {
        #expect(try time(zone).iso8601(Date(timeIntervalSince1970: Double(instant))) == text)
    }

    @Test(
        "Without an offset a time is meant in the zone",
        arguments: [
            ("2026-11-24T09:00", "2026-11-24T09:00:00-06:00"),
            ("2026-11-24 09:00:30", "2026-11-24T09:00:30-06:00"),
            ("2026-11-24T09:00:00Z", "2026-11-24T03:00:00-06:00"),
            ("2026-07-14T09:00+0200", "2026-07-14T02:00:00-05:00"),
            ("2028-02-29T23:59:59.5", "2028-02-29T23:59:59-06:00"),
        ])
    func read(text: String, shown: String) throws {
        let time = try time("America/Chicago")
        guard case .moment(let date) = try time.read(text, parameter: "start") else {
            Issue.record("\(text) is no moment")
            return
        }
        #expect(time.iso8601(date) == shown)
    }

    @Test(
        "A span is told for a reader",
        arguments: [
            ("2026-11-24T09:00", "2026-11-24T11:00", "Tue 24 Nov 2026, 09:00–11:00 CST"),
            ("2026-11-24T22:00", "2026-11-25T01:30", "Tue 24 Nov 2026, 22:00 – Wed 25 Nov 2026, 01:30 CST"),
            ("2026-11-01T00:30", "2026-11-01T02:30", "Sun 1 Nov 2026, 00:30 CDT–02:30 CST"),
        ])
    func span(start: String, end: String, shown: String) throws {
        let time = try time("America/Chicago")
        let (start, end) = (try time.read(start, parameter: "s").start, try time.read(end, parameter: "e").start)
        #expect(time.span(from: start, to: end) == shown)
    }

    @Test func aBareDateIsThatWholeDay() throws {
        let time = try time("America/Chicago")
        guard case .day(let day) = try time.read("2026-11-01", parameter: "start") else {
            Issue.record("not a day")
            return
        }
        #expect(day.upperBound.timeIntervalSince(day.lowerBound) == 25 * 3600)
        #expect(time.iso8601(day.lowerBound) == "2026-11-01T00:00:00-05:00")
    }

    @Test func aDayWithoutAMidnightStartsWhenItStarts() throws {
        let time = try time("America/Sao_Paulo")
        #expect(time.iso8601(try time.read("2018-11-04", parameter: "d").start) == "2018-11-04T01:00:00-02:00")
    }

    @Test(
        "What is no time is refused by name",
        arguments: [
            "tomorrow", "2026-13-01", "2026-02-30", "2026-11-24T24:00", "2026-11-24T9:00", "24.11.2026",
            "2026-11-24T09:00+25:00",
            "2026-11-24T09:00:00Zjunk", "",
        ])
    func refused(text: String) throws {
        let time = try time("America/Chicago")
        let error = #expect(throws: AtlasError.self) { try time.read(text, parameter: "occurred_at") }
        #expect(error?.code == .invalidArgument)
        #expect(error?.parameter == "occurred_at")
    }

    @Test func aSkippedTimeIsRefusedAndARepeatedOneAsksForAnOffset() throws {
        let time = try time("America/Chicago")
        let skipped = #expect(throws: AtlasError.self) { try time.read("2026-03-08T02:30", parameter: "start") }
        #expect(skipped?.message.contains("skip") == true)
        let twice = #expect(throws: AtlasError.self) { try time.read("2026-11-01T01:30", parameter: "start") }
        #expect(twice?.message.contains("2026-11-01T01:30:00-05:00 or 2026-11-01T01:30:00-06:00") == true)
        #expect(throws: Never.self) { try time.read("2026-11-01T01:30-06:00", parameter: "start") }
    }

    @Test func anUnknownZoneIsNamed() {
        for name in ["Mars/Olympus", "../../etc/passwd", "/etc/localtime", "America/Chicago\u{0}x"] {
            let error = #expect(throws: AtlasError.self) { try BusinessZone(named: name) }
            #expect(error?.code == .notConfigured)
        }
    }

    @Test func datesRoundTrip() {
        for days in stride(from: -800_000, to: 800_000, by: 37) {
            let date = CivilDate(daysSince1970: days)
            #expect(date.isValid && date.daysSince1970 == days)
        }
    }

    @Test func brokenZoneFilesAreRefusedAndNeverCrash() throws {
        var random = SplitMix(state: 3)
        let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: "/usr/share/zoneinfo/America/Chicago")))
        for _ in 0..<3000 {
            var broken = bytes
            for _ in 0..<(1 + random.next() % 6) {
                broken[Int(random.next() % 200)] = UInt8(truncatingIfNeeded: random.next())
            }
            broken.removeLast(Int(random.next() % UInt64(broken.count)))
            let zone = ZoneFile.parse(broken[...], name: "broken")
            _ = zone?.offset(at: 1_700_000_000)
        }
        #expect(ZoneFile.parse(bytes[...], name: "whole") != nil)
        #expect(ZoneFile.parse([], name: "empty") == nil)
    }
}

private struct SplitMix {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
