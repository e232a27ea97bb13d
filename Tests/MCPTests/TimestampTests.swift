import Testing

@testable import MCP

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

struct TimestampTests {
    @Test(
        arguments: [
            (0, 0, "1970-01-01T00:00:00+00:00"),
            (1_795_532_400, -21_600, "2026-11-24T09:00:00-06:00"),
            (1_795_532_400.999, 19_800, "2026-11-24T20:30:00+05:30"),
            (-1, 0, "1969-12-31T23:59:59+00:00"),
            (-0.5, 0, "1969-12-31T23:59:59+00:00"),
            (951_782_400, 0, "2000-02-29T00:00:00+00:00"),
            (4_107_542_400, 0, "2100-03-01T00:00:00+00:00"),
            (-62_135_596_800, 0, "0001-01-01T00:00:00+00:00"),
            (-2_208_988_800, -18_000 - 42, "1899-12-31T19:00:00-05:00"),
            (.infinity, 3600, "9999-12-31T23:59:59+00:00"),
            (-.infinity, 0, "0000-01-01T00:00:00+00:00"),
            (.nan, 0, "0000-01-01T00:00:00+00:00"),
        ] as [(Double, Int, String)])
    func anInstantIsWrittenInItsZone(seconds: Double, offset: Int, written: String) {
        #expect(Timestamp(Date(timeIntervalSince1970: seconds), offset: offset).description == written)
    }

    @Test(
        arguments: [
            ("2026-11-24T09:00:00-06:00", 1_795_532_400), ("2026-11-24t15:00:00z", 1_795_532_400),
            ("2026-11-24 15:00Z", 1_795_532_400), ("2026-11-24T15:00:00.123456Z", 1_795_532_400),
            ("2026-11-24T20:30:00+0530", 1_795_532_400), ("2016-12-31T23:59:60Z", 1_483_228_800),
        ])
    func anInstantIsRead(text: String, seconds: Int) {
        #expect(Timestamp(text)?.seconds == seconds)
    }

    @Test(arguments: [
        "", "2026", "2026-11-24", "2026-11-24T09:00:00", "2026-02-30T09:00:00Z", "2026-13-01T09:00:00Z",
        "2026-00-01T09:00:00Z", "2026-11-24T24:00:00Z", "2026-11-24T09:60:00Z", "2026-11-24T09:00:61Z",
        "2026-11-24T09:00:00Zz", "2026-11-24T09:00:00.Z", "2026-11-24T09:00:00+25:00", "2026-11-24T09:00:00+06",
        "٢٠٢٦-11-24T09:00:00Z", "-026-11-24T09:00:00Z",
    ])
    func whatIsNoInstantIsRefused(text: String) {
        #expect(Timestamp(text) == nil)
    }

    @Test func everyDayOfManyYearsSurvives() {
        for day in stride(from: -719_528, to: 2_932_896, by: 397) {
            let timestamp = Timestamp(Date(timeIntervalSince1970: Double(day) * 86_400 + 3661), offset: 0)
            #expect(Timestamp(timestamp.description) == timestamp)
        }
    }
}
