import Testing

@testable import AtlasCore

@Suite struct BusinessHoursTests {
    private let day = [480..<1080]

    @Test(arguments: [
        ("mon-fri 08:00-18:00", [1, 2, 3, 4, 5], 480..<1080), ("Mon – Fri 8am – 6pm", [1, 2, 3, 4, 5], 480..<1080),
        ("daily 8-18", [0, 1, 2, 3, 4, 5, 6], 480..<1080), ("sat, sun 08:00-18:00", [0, 6], 480..<1080),
        ("fri-mon 24h", [5, 6, 0, 1], 0..<1440), ("weekdays 8 to 18", [1, 2, 3, 4, 5], 480..<1080),
        ("tuesday: 08:00-24:00", [2], 480..<1440), ("daily 8-18; sun closed", [1, 2, 3, 4, 5, 6], 480..<1080),
        ("mon 8-12 12-18", [1], 480..<1080), ("mon 12pm-11:59pm", [1], 720..<1439),
    ])
    func hoursAreReadAsPeopleWriteThem(text: String, days: [Int], span: Range<Int>) throws {
        let hours = try BusinessHours.read(text)
        #expect(hours.days == (0..<7).map { days.contains($0) ? [span] : [] })
    }

    @Test func aDayHasSeveralSpans() throws {
        let hours = try BusinessHours.read("mon-tue 13:00-17:00 08:00-12:00, wed 8-12, 13-17")
        for day in 1...3 { #expect(hours.days[day] == [480..<720, 780..<1020]) }
        #expect(hours.words(on: CivilDate(year: 2026, month: 11, day: 23)) == ["08:00–12:00", "13:00–17:00"])
    }

    @Test(arguments: [
        "", "mon-fri", "08:00-18:00", "mon 18:00-08:00", "mon 8-25", "moonday 8-18", "mon 8", "closed", "mon closed",
        "mon 8:5-9", "mon 08:00-18:00 tue", "mon-tue-wed 8-18", "mon 13pm-14pm",
        String(repeating: "mon 8-9,", count: 200),
    ])
    func whatIsNoneNamesTheVariable(text: String) {
        do {
            _ = try BusinessHours.read(text)
            Issue.record("\(text) was read")
        } catch {
            #expect(error.code == .notConfigured)
            #expect(error.message.contains("ATLAS_BUSINESS_HOURS"))
        }
    }

    @Test func theRulesAreReadFromTheConfiguration() throws {
        let policy = try BookingPolicy(
            Configuration([
                "ATLAS_BUSINESS_HOURS": "sat 9-13", "ATLAS_BOOKING_SERVICES": "Deep Clean = 180, window cleaning=90,",
                "ATLAS_BOOKING_MINUTES": "45", "ATLAS_BOOKING_BUFFER_MINUTES": "10",
                "ATLAS_BOOKING_NOTICE_MINUTES": "0", "ATLAS_BOOKING_HORIZON_DAYS": "30",
            ]))
        #expect(policy.minutes(of: "deep  CLEAN") == 180)
        #expect(policy.minutes(of: "other") == 45)
        #expect(policy.minutes(of: nil) == 45)
        #expect([policy.buffer, policy.notice, policy.horizon] == [10, 0, 30])
        #expect(try BookingPolicy(Configuration()).hours.days[1] == [480..<1080])
    }

    @Test(arguments: [
        ("ATLAS_BOOKING_SERVICES", "clean"), ("ATLAS_BOOKING_SERVICES", "clean=0"), ("ATLAS_BOOKING_SERVICES", "=90"),
        ("ATLAS_BOOKING_MINUTES", "4"), ("ATLAS_BOOKING_BUFFER_MINUTES", "-1"), ("ATLAS_BOOKING_HORIZON_DAYS", "0"),
    ])
    func aWrongRuleNamesItsVariable(name: String, value: String) {
        do {
            _ = try BookingPolicy(Configuration([name: value]))
            Issue.record("\(name)=\(value) was read")
        } catch {
            #expect(error.code == .notConfigured)
            #expect(error.message.contains(name))
        }
    }
}
