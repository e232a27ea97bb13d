import Testing

@testable import AtlasCore

struct RecurrenceRuleTests {
    @Test(
        "A rule is stored in upper case, without its name",
        arguments: [
            ("RRULE:FREQ=WEEKLY;BYDAY=MO", "FREQ=WEEKLY;BYDAY=MO"), (" freq=daily;count=3; ", "FREQ=DAILY;COUNT=3"),
            ("rrule:freq=monthly;byday=-1fr", "FREQ=MONTHLY;BYDAY=-1FR"),
            ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29"),
            ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1"),
            ("FREQ=WEEKLY;UNTIL=20261231T235959Z;WKST=SU", "FREQ=WEEKLY;UNTIL=20261231T235959Z;WKST=SU"),
        ])
    func accepted(_ text: String, _ rule: String) throws {
        #expect(try RecurrenceRule.checked(text) == rule)
    }

    @Test(
        "What is no rule, repeats within the day or never matches is refused, with a right one as example",
        arguments: [
            "", "weekly", "every Monday", "COUNT=3", "FREQ=", "FREQ=FORTNIGHTLY", "FREQ=HOURLY",
            "FREQ=SECONDLY;COUNT=2",
            "FREQ=DAILY;COUNT=2;UNTIL=20261231", "FREQ=DAILY;COUNT=0", "FREQ=DAILY;COUNT=-1", "FREQ=DAILY;INTERVAL=0",
            "FREQ=DAILY;INTERVAL=99999999999999999999", "FREQ=DAILY;FREQ=WEEKLY", "FREQ=DAILY;BYEASTER=1",
            "FREQ=DAILY;RSCALE=CHINESE", "FREQ=WEEKLY;BYDAY=XX", "FREQ=WEEKLY;BYDAY=1MO", "FREQ=WEEKLY;BYDAY=",
            "FREQ=WEEKLY;BYMONTHDAY=1", "FREQ=MONTHLY;BYDAY=6MO", "FREQ=MONTHLY;BYMONTHDAY=0",
            "FREQ=MONTHLY;BYMONTHDAY=32",
            "FREQ=MONTHLY;BYWEEKNO=3", "FREQ=DAILY;UNTIL=20260230", "FREQ=DAILY;UNTIL=tomorrow", "FREQ=WEEKLY;WKST=1",
            "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=MONTHLY;BYMONTH=2,4;BYMONTHDAY=31",
            "FREQ=MONTHLY;BYDAY=5MO;BYMONTHDAY=1",
            "FREQ=YEARLY;BYYEARDAY=1;BYMONTH=2", "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=6", "FREQ=DAILY;BYSETPOS=1",
            "FREQ=DAILY\r\nDTSTART:20260101", "FREQ=DAILY;BYHOUR=1;BYMINUTE=0,1,2\nX:",
            "FREQ=DAILY;BYSECOND=\((0..<60).map(String.init).joined(separator: ","));BYMINUTE=1,2",
            String(repeating: "F", count: 5000),
        ])
    func refused(_ text: String) {
        let error = #expect(throws: AtlasError.self) { try RecurrenceRule.checked(text) }
        #expect(error?.code == .invalidArgument)
        #expect(error?.parameter == "recurrence")
        #expect(error?.message.contains("FREQ=WEEKLY;BYDAY=MO,TH;COUNT=10") == true)
        #expect(error?.message.utf8.contains { $0 < 0x20 } == false)
    }

    @Test("A recurrence id is a moment in UTC, a day or a floating time")
    func ids() {
        for text in ["20261124T090000Z", "20261124", "20261124T090000"] { #expect(RecurrenceID(text)?.text == text) }
        for text in ["", "2026-11-24", "20261324", "20261124T25000Z", "20261124T090000+01", "20261124T0900"] {
            #expect(RecurrenceID(text) == nil)
        }
    }
}
