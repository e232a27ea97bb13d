import Testing

@testable import AtlasCore

@Suite struct GroundingTests {
    private static let call = CallFacts(
        callSID: "CA1", fromNumber: "+12175550199", toNumber: "+12175550100", direction: .inbound)

    private static let transcript = """
        Agent: Sparkle Cleaning, you can write to us at info@sparkle.example.
        Caller: My number is two one seven, double five five, oh one three four, my zip is 62704.
        Caller: My email is ann dot lee at example dot com, or annie lee 42 at mail.example.
        Agent: Our number is 217-555-0100.
        """

    @Test(arguments: [
        ("217-555-0134", true), ("+1 (217) 555-0134", true), ("555-0134", true), ("+12175550199", true),
        ("(217) 555-0199", true), ("312-555-0134", false), ("217-555-0143", false), ("+12175550100", false),
        ("62704", false), ("", false), ("unknown", false), ("+442079460958", false), ("0134", false),
    ])
    func aPhoneIsKeptOnlyIfItIsSaidOrTheCallers(phone: String, isSaid: Bool) {
        let grounding = Grounding(Self.transcript, of: Self.call, region: "US")
        #expect(grounding.isSaid(phone: phone) == isSaid)
    }

    @Test(arguments: [
        ("ann.lee@example.com", true), ("Ann.Lee@Example.com", true), ("lee@example.com", false),
        ("annlee@example.com", false),
        ("annielee42@mail.example", true), ("lee42@mail.example", true), ("bob@example.com", false),
        ("info@sparkle.example", false), ("ann.lee@example.org", false), ("", false), ("no address", false),
    ])
    func anEmailIsKeptOnlyIfItIsSaid(email: String, isSaid: Bool) {
        let grounding = Grounding(Self.transcript, of: Self.call, region: "US")
        #expect(grounding.isSaid(email: email) == isSaid)
    }

    @Test func whatIsInventedIsLeftOutAndTold() {
        let invented = ExtractedCall(
            customerName: "Ann", customerPhone: "312-555-0134", customerEmail: "eve@example.com")
        let (call, warnings) = Grounding(Self.transcript, of: Self.call, region: "US").checked(invented)
        #expect(call == ExtractedCall(customerName: "Ann"))
        #expect(warnings.count == 2)
        let said = ExtractedCall(customerPhone: "217-555-0134", customerEmail: "ann.lee@example.com")
        #expect(Grounding(Self.transcript, of: Self.call, region: "US").checked(said) == (said, []))
    }
}

private func == (a: (call: ExtractedCall, warnings: [String]), b: (ExtractedCall, [String])) -> Bool {
    a.call == b.0 && a.warnings == b.1
}
