import Testing

@testable import AtlasCore

struct SpokenTimeTests {
    private func clock(_ text: String) throws -> String {
        let minutes = try SpokenTime.read(text)
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(two(minutes / 60)):\(two(minutes % 60))"
    }

    @Test(
        "A time is read as people say it",
        arguments: [
            ("14:30", "14:30"), ("14:30:00", "14:30"), ("2pm", "14:00"), ("2:30 PM", "14:30"), ("2 p.m.", "14:00"),
            ("2:30p.m.", "14:30"), ("11 A.M.", "11:00"), ("at 2pm", "14:00"), ("2 pm sharp", "14:00"),
            ("2.30pm", "14:30"), ("14h30", "14:30"), ("14h", "14:00"), ("1430", "14:30"), ("0300", "03:00"),
            ("930", "09:30"), ("9", "09:00"), ("9:00", "09:00"), ("8", "08:00"), ("12", "12:00"), ("12:30", "12:30"),
            ("03:00", "03:00"), ("00:15", "00:15"), ("0:15", "00:15"), ("23:59", "23:59"), ("12am", "00:00"),
            ("12pm", "12:00"), ("12:30 am", "00:30"), ("14:30 pm", "14:30"), ("03:00 pm", "15:00"),
            ("00:30 am", "00:30"),
            ("noon", "12:00"), ("12 noon", "12:00"), ("Midday", "12:00"), ("midnight", "00:00"),
            ("nine", "09:00"), ("nine thirty", "09:30"), ("two thirty pm", "14:30"), ("two forty five pm", "14:45"),
            ("nine oh five", "09:05"), ("9 o'clock", "09:00"), ("2 o\u{2019}clock pm", "14:00"),
            ("2 o'clock in the afternoon", "14:00"), ("half past nine", "09:30"), ("half past two pm", "14:30"),
            ("quarter to three pm", "14:45"), ("a quarter past ten", "10:15"), ("quarter after 3 pm", "15:15"),
            ("ten minutes to three pm", "14:50"), ("twenty past nine", "09:20"), ("quarter to one", "12:45"),
            ("3 in the afternoon", "15:00"), ("10 in the morning", "10:00"), ("3 in the morning", "03:00"),
            ("6 in the evening", "18:00"), ("9 at night", "21:00"), ("2 at night", "02:00"), ("12 at night", "00:00"),
            ("three thirty in the afternoon", "15:30"), ("3pm in the afternoon", "15:00"),
            ("15:00 in the afternoon", "15:00"),
        ])
    func said(text: String, time: String) throws {
        #expect(try clock(text) == time)
    }

    @Test(
        "An hour that may be in either half of the day is refused with both",
        arguments: [
            ("3", "03:00 or 15:00"), ("3:00", "03:00 or 15:00"), ("2 o'clock", "02:00 or 14:00"),
            ("half past two", "02:30 or 14:30"), ("quarter to eight", "07:45 or 19:45"), ("seven", "07:00 or 19:00"),
            ("730", "07:30 or 19:30"), ("1:15", "01:15 or 13:15"), ("two thirty", "02:30 or 14:30"),
        ])
    func ambiguous(text: String, readings: String) {
        let error = #expect(throws: AtlasError.self) { try SpokenTime.read(text) }
        #expect(error?.message == "time \"\(text)\" can be read as \(readings). Give one of these times.")
        #expect(error?.parameter == "time")
    }

    @Test(
        "A span and a part of the day are refused, and one exact time is asked for",
        arguments: [
            "2-4pm", "9 - 11", "9–11am", "2 to 4 pm", "ten to two", "between 2 and 4", "morning", "afternoon",
            "after 3pm",
            "around noon", "2pm or 3pm", "from 9 to 11", "anytime", "late morning", "14:30-06:00",
        ])
    func vague(text: String) {
        let error = #expect(throws: AtlasError.self) { try SpokenTime.read(text) }
        #expect(error?.message.contains("must be one exact time") == true)
    }

    @Test(
        "What is no time is refused",
        arguments: [
            "", "24:00", "25", "9:60", "9:5", "14:30:30", "14:30 am", "0:30 pm", "13 in the morning", "noon pm", "half",
            "half past", "half to three", "half past 14", "9 in the afternoon", "pm", "in the morning", "at night",
            "3 3",
            "soon", "tomorrow at 3pm", "14:30Z", "-3", "99999999999999999999", "９", "nine hundred", "zero", "9:",
            ":30", "h", "3 pm pm", "2pm 3pm", "1.2.3", "12345", String(repeating: "9", count: 1000),
        ])
    func noTime(text: String) {
        let error = #expect(throws: AtlasError.self) { try SpokenTime.read(text) }
        #expect(error?.code == .invalidArgument)
        #expect(error?.message.utf8.count ?? 0 < 200)
    }
}
