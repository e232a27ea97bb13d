import AtlasCore
import JSON
import Testing

@testable import atlas

struct DoctorTests {
    private func finding(_ words: String, _ code: AtlasError.Code = .unavailable, _ settings: [String: String] = [:])
        -> Finding
    {
        Finding(AtlasError(code, words), keys: [.resendURL], configuration: Configuration(settings))
    }

    @Test func theFirstSentenceIsTheProblemAndTheRestTheFix() {
        let found = finding("It (1. Or 2) said: “No. Go away. Now.”. Check ATLAS_DB_HOST. Or wait.")
        #expect(found.message == "It (1. Or 2) said: “No. Go away. Now.”.")
        #expect(found.fix == "Check ATLAS_DB_HOST. Or wait." && found.variable == "ATLAS_DB_HOST")
    }

    @Test func versionsAndHostsEndNoSentence() {
        #expect(Finding.parts("libcurl 7.80. e.g. at example.com").advice == nil)
        #expect(Finding.parts("").problem.isEmpty)
    }

    @Test func ofSeveralVariablesThatIsNamedWhichIsSet() {
        let words = "The login failed. Check ATLAS_DATABASE_URL, or ATLAS_DB_USER and ATLAS_DB_PASSWORD."
        #expect(finding(words).variable == "ATLAS_DATABASE_URL")
        #expect(finding(words, .unavailable, ["ATLAS_DB_USER": "x"]).variable == "ATLAS_DB_USER")
        let both = ["ATLAS_DB_USER": "x", "ATLAS_DB_PASSWORD": "y"]
        #expect(finding(words, .unauthenticated, both).variable == "ATLAS_DB_PASSWORD", "a log-in hangs on the secret")
    }

    @Test func whatIsMissingIsNamedAndNotWhatAsksForIt() {
        let model = "ATLAS_CALL_INTELLIGENCE_LLM_URL is set, so ATLAS_CALL_INTELLIGENCE_LLM_MODEL must name the model."
        let found = finding(model, .notConfigured, ["ATLAS_CALL_INTELLIGENCE_LLM_URL": "x"])
        #expect(found.variable == "ATLAS_CALL_INTELLIGENCE_LLM_MODEL" && found.isSetting)
        let twilio = "Twilio is not configured: set ATLAS_COMMS_TWILIO_ACCOUNT_SID and ATLAS_COMMS_TWILIO_AUTH_TOKEN."
        #expect(
            finding(twilio, .notConfigured, ["ATLAS_COMMS_TWILIO_ACCOUNT_SID": "x"]).variable
                == "ATLAS_COMMS_TWILIO_AUTH_TOKEN")
    }

    @Test func whereNoVariableIsNamedTheAddressIs() {
        let unset = finding("Resend cannot be reached. Try again later.")
        #expect(unset.variable == "ATLAS_RESEND_URL" && unset.fix?.contains("network") == true)
        let set = finding("Resend cannot be reached. Try again later.", .unavailable, ["ATLAS_RESEND_URL": "https://x"])
        #expect(set.fix == "Check ATLAS_RESEND_URL, or try again later.")
    }

    @Test func groupsOfVariablesAreNone() {
        #expect(
            Finding.variables(in: "Unset ATLAS_DB_ and ATLAS_X1, ATLAS_X1. ATLAS_ atlas_y MY_ATLAS_Z") == ["ATLAS_X1"])
    }

    @Test func theNearestSettingIsTold() {
        #expect(Doctor.nearest("ATLAS_TIMEZON") == "ATLAS_TIMEZONE")
        #expect(Doctor.nearest("ATLAS_EMAIL_IMAP_HOTS") == "ATLAS_EMAIL_IMAP_HOST")
        #expect(Doctor.nearest("ATLAS_TIMEZONE") == nil, "it is one")
        #expect(Doctor.nearest("ATLAS_QQQQQQQQQQQQQQ") == nil)
    }

    @Test(arguments: [
        (0.4, Finding.Status.ok), (-2.9, .ok), (3.1, .warning), (-119, .warning), (121, .failed), (-86_400, .failed),
    ])
    func clocksMayDifferALittle(_ ahead: Double, _ status: Finding.Status) {
        #expect(Doctor.clock(ahead, of: "the database").status == status)
    }

    @Test func clocksSayWhichIsAhead() {
        #expect(Doctor.clock(10, of: "x").message == "This machine's clock is 10 s behind that of x.")
        #expect(Doctor.clock(-10, of: "x").message == "This machine's clock is 10 s ahead of that of x.")
    }

    @Test func offsetsHaveTwoDigits() {
        #expect(Doctor.offset(-21_600) == "UTC−06:00" && Doctor.offset(20_700) == "UTC+05:45")
    }

    @Test func partsAreChosenByNameAndByGroup() throws {
        #expect(try DoctorPart.selected(nil) == DoctorPart.allCases)
        #expect(try DoctorPart.selected(" Mail ,zone,imap") == [.zone, .imap, .smtp, .gmail, .resend])
        #expect(throws: (any Error).self) { try DoctorPart.selected("datbase") }
        #expect(throws: (any Error).self) { try DoctorPart.selected(" , ") }
    }

    @Test func theExitCodeSaysWhoIsToBlame() {
        func code(_ findings: [Finding]) -> Int32 {
            DoctorReport(examinations: [Examination(part: .imap, findings: findings, milliseconds: 1)]).exitCode
        }
        let warning = Finding.warning("a", nil, nil)
        let setting = Finding.failed("a", .imapHost, "b")
        let other = Finding.failed("a", nil, "b", isSetting: false)
        #expect(code([.ok("a"), warning]) == 0 && code([other, .ok("a")]) == 1 && code([other, setting]) == 78)
    }

    @Test func aLineHasTheVariableOnceAndNothingThatATerminalObeys() {
        let finding = Finding(
            status: .failed, message: "It said \u{1B}[31mred\u{9B}0m.", variable: "ATLAS_DB_HOST", fix: "Mend it.")
        let lines = Examination(part: .database, findings: [finding], milliseconds: 42).lines(Console())
        #expect(lines.count == 2 && lines[1].hasSuffix("→ ATLAS_DB_HOST: Mend it."))
        #expect(!lines[0].contains("\u{9B}") && !lines[0].contains("\u{1B}[31"))
    }

    @Test func secretsThatOthersRepeatAreTakenOut() {
        let redact = Redaction(
            Configuration(["ATLAS_EMAIL_API_KEY": "re_secret1", "ATLAS_EMAIL_IMAP_HOST": "localhost"]))
        let found = redact(.failed("localhost got re_secret1", nil, "not re_secret1"))
        #expect(found.message == "localhost got …" && found.fix == "not …")
    }
}
