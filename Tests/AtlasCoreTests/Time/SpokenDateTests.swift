import Foundation
import Testing

@testable import AtlasCore

struct SpokenDateTests {
    /// In Chicago it is still the day that is given, in Greenwich the next.
    private func read(_ text: String, on today: String = "2026-11-24") throws -> String {
        let time = BusinessTime(zone: try BusinessZone(named: "America/Chicago"))
        let now = try time.read(today + "T20:00", parameter: "now").start
        return try SpokenDate.read(text, now: now, time: time).iso8601
    }

    @Test(
        "A day is read as people say it, on Tuesday 24 November 2026",
        arguments: [
            ("2026-11-24", "2026-11-24"), ("2026-1-5", "2026-01-05"), ("2026/12/05", "2026-12-05"),
            ("today", "2026-11-24"), ("Tonight", "2026-11-24"), (" TOMORROW ", "2026-11-25"),
            ("the day after tomorrow", "2026-11-26"), ("day after tomorrow", "2026-11-26"), ("yesterday", "2026-11-23"),
            ("in 3 days", "2026-11-27"), ("in two weeks", "2026-12-08"), ("in a week", "2026-12-01"),
            ("ten days from now", "2026-12-04"), ("a week from today", "2026-12-01"),
            ("a week from tomorrow", "2026-12-02"), ("a week from Monday", "2026-12-07"),
            ("two weeks from this Friday", "2026-12-11"),
            ("Wednesday", "2026-11-25"), ("on Monday", "2026-11-30"), ("fri", "2026-11-27"), ("Thurs.", "2026-11-26"),
            ("this Friday", "2026-11-27"), ("this Monday", "2026-11-30"), ("this coming Tuesday", "2026-12-01"),
            ("coming Sunday", "2026-11-29"), ("next Tuesday", "2026-12-01"), ("next monday", "2026-11-30"),
            ("next Friday, December 4", "2026-12-04"),
            ("Jan 20", "2027-01-20"), ("20 January 2027", "2027-01-20"), ("January 20th", "2027-01-20"),
            ("january twentieth", "2027-01-20"), ("Jan. 20, 2027", "2027-01-20"), ("the 20th of January", "2027-01-20"),
            ("twenty first of december", "2026-12-21"), ("Nov 24", "2026-11-24"), ("Nov 23", "2027-11-23"),
            ("Nov 23, 2026", "2026-11-23"), ("Sept 5", "2027-09-05"), ("Feb 29", "2028-02-29"), ("May 3", "2027-05-03"),
            ("the 25th", "2026-11-25"), ("the 20th", "2026-12-20"), ("the 31st", "2026-12-31"), ("20th", "2026-12-20"),
            ("13/5", "2027-05-13"), ("5/13", "2027-05-13"), ("12/12", "2026-12-12"), ("12/25/2026", "2026-12-25"),
            ("25.12.2026", "2026-12-25"), ("25-12-26", "2026-12-25"), ("12/5/2026 (Saturday)", "2026-12-05"),
            ("Wednesday, Jan 20", "2027-01-20"), ("Wed the 25th", "2026-11-25"),
            ("20 January, Wednesday", "2027-01-20"),
            ("Wednesday January 20th, 2027", "2027-01-20"), ("tomorrow, Wednesday", "2026-11-25"),
        ])
    func said(text: String, date: String) throws {
        #expect(try read(text) == date)
    }

    @Test(
        "A day that can be meant in two ways is refused with both",
        arguments: [
            ("Tuesday", "2026-11-24 (Tuesday) or 2026-12-01 (Tuesday)"),
            ("this tuesday", "2026-11-24 (Tuesday) or 2026-12-01 (Tuesday)"),
            ("next Friday", "2026-11-27 (Friday) or 2026-12-04 (Friday)"),
            ("next Sunday", "2026-11-29 (Sunday) or 2026-12-06 (Sunday)"),
            ("a week from Tuesday", "2026-12-01 (Tuesday) or 2026-12-08 (Tuesday)"),
            ("12/5", "2026-12-05 (Saturday) or 2027-05-12 (Wednesday)"),
            ("01/12/2026", "2026-01-12 (Monday) or 2026-12-01 (Tuesday)"),
            ("the 24th", "2026-11-24 (Tuesday) or 2026-12-24 (Thursday)"),
        ])
    func ambiguous(text: String, readings: String) throws {
        let error = #expect(throws: AtlasError.self) { try read(text) }
        #expect(error?.message == "date \"\(text)\" can be read as \(readings). Give one of these dates.")
        #expect(error?.code == .invalidArgument)
        #expect(error?.parameter == "date")
    }

    @Test(
        "Next Monday, said at a weekend, is the coming one, and next Sunday on a Saturday may be tomorrow",
        arguments: [("2026-11-28", "next monday", "2026-11-30"), ("2026-11-28", "next saturday", "2026-12-05")])
    func atWeekends(today: String, text: String, date: String) throws {
        #expect(try read(text, on: today) == date)
        #expect(throws: AtlasError.self) { try read("next sunday", on: "2026-11-28") }
        #expect(throws: AtlasError.self) { try read("next tuesday", on: "2026-11-29") }
    }

    @Test("A weekday that is not the date's is told")
    func contradiction() throws {
        let error = #expect(throws: AtlasError.self) { try read("Monday Jan 20") }
        #expect(
            error?.message
                == "date \"Monday Jan 20\" contradicts itself: 2027-01-20 is a Wednesday. Give the right date.")
        #expect(throws: AtlasError.self) { try read("today, Monday") }
        #expect(throws: AtlasError.self) { try read("Monday 12/5/2026") }
    }

    @Test(
        "A day that no calendar has is refused",
        arguments: [
            "Feb 30", "2026-02-30", "April 31st", "31/4/2026", "13/13", "February 29 2027", "Jan 0", "0/5/2026",
        ])
    func noSuchDay(text: String) throws {
        let error = #expect(throws: AtlasError.self) { try read(text) }
        #expect(error?.message.contains("is no day of the calendar") == true)
    }

    @Test(
        "What says no day is refused",
        arguments: [
            "", " ", "soon", "next week", "the weekend", "in 0 days", "in 99999 days", "in a month", "2026", "20",
            "12-5",
            "a week from", "Tuesday Wednesday", "the", "of of", "next next tuesday", "in many days", "5/5/5",
            "9999999999999999999999", "1/9999999999999999999", "2026-11-24; drop table", "Jan 20 99999",
            String(repeating: "monday ", count: 2000), "\u{202E}yadnom", "２０２６-11-24", "in twenty-twenty days",
        ])
    func noDay(text: String) throws {
        let error = #expect(throws: AtlasError.self) { try read(text) }
        #expect(error?.code == .invalidArgument)
        #expect(error?.message.utf8.count ?? 0 < 250)
    }

    @Test("A moment is no day")
    func moment() throws {
        let error = #expect(throws: AtlasError.self) { try read("2026-11-24T09:00:00-06:00") }
        #expect(
            error?.message == "date must be a day without a time, got \"2026-11-24T09:00:00-06:00\".")
    }
}
