import Testing

@testable import AtlasCore

/// What one call tells. A member that is nil is not looked at; blank means that nothing may be found.
struct Told: Sendable, CustomTestStringConvertible {
    var transcript: String
    var direction = CallDirection.inbound
    var from: String? = "+12175550199"
    var to: String? = "+12175550100"
    var region = "US"
    var name: String?
    var phone: String?
    var email: String?
    var intent: String?
    var services: [String]?
    var address: String?
    var date: String?
    var time: String?
    var frequency: String?
    var urgency: String?
    var followUp: Bool?

    var testDescription: String { String(transcript.prefix(70)) }
}

@Suite struct PlainExtractorTests {
    @Test(arguments: ToldCalls.all)
    func aCallIsUnderstood(told: Told) {
        let call = CallFacts(
            callSID: "CA1", fromNumber: told.from, toNumber: told.to, direction: told.direction, durationSeconds: 60)
        let found = PlainExtractor(region: told.region).extract(told.transcript, of: call)
        func check(_ wanted: String?, _ got: String?, _ what: Comment) {
            if let wanted { #expect((got ?? "") == wanted, what) }
        }
        check(told.name, found.extracted.customerName, "name")
        check(told.phone, found.extracted.customerPhone, "phone")
        check(told.email, found.extracted.customerEmail, "e-mail")
        check(told.intent, found.extracted.intent, "intent")
        check(told.address, found.extracted.address, "address")
        check(told.date, found.extracted.preferredDate, "date")
        check(told.time, found.extracted.preferredTime, "time")
        check(told.frequency, found.extracted.frequency, "frequency")
        check(told.urgency, found.extracted.urgency, "urgency")
        if let services = told.services { #expect(found.extracted.servicesMentioned == services) }
        if let followUp = told.followUp { #expect(found.extracted.followUpNeeded == followUp) }
        #expect(found.summary?.isEmpty == false)
    }

    @Test func theSameWordsAreUnderstoodTheSameEveryTime() {
        let call = CallFacts(callSID: "CA1", fromNumber: "+12175550199", direction: .inbound)
        for told in ToldCalls.all {
            let extractor = PlainExtractor(region: "US")
            #expect(extractor.extract(told.transcript, of: call) == extractor.extract(told.transcript, of: call))
        }
    }

    @Test func silenceIsNothingSaid() {
        for silence in ["", "  \n ", "...", "—"] {
            let found = PlainExtractor(region: "US").extract(silence, of: CallFacts(callSID: "CA1"))
            #expect(found.extracted == ExtractedCall())
            #expect(found.summary == "Nothing was said.")
        }
    }

    @Test func endlessAndStrangeTextIsReadInTime() {
        let started = ContinuousClock.now
        for piece in [
            "my name is ", "217-555-0134 ", "one ", "at dot ", "Agent: ", "12 Oak ", "a@b.c ", "tuesday ", "\n: ",
        ] {
            let text = String(repeating: piece, count: 30_000 / piece.utf8.count)
            _ = PlainExtractor(region: "US").extract(text, of: CallFacts(callSID: "CA1", direction: .inbound))
        }
        // A few tenths of a second each without debugging; quadratic work would take minutes.
        #expect(ContinuousClock.now - started < .seconds(60))
    }
}
