import TestSupport
import Testing

@testable import AtlasCore

@Suite struct PhoneNumberTests {
    @Test(arguments: [
        "555-123-4567", "(555) 123 4567", "+1 555 123 4567", "1-555-123-4567", "5551234567", "15551234567",
        "+15551234567",
        "555.123.4567", " 555 123 4567 ", "tel:+1-555-123-4567", "+1 (555) 123-4567", "(555)123-4567",
        "011 1 555 123 4567",
        "\u{202A}+1 555\u{200B}1234567\u{202C}", "５５５-１２３-４５６７", "1 (555) 123-4567 x12", "555-123-4567 ext. 5",
    ])
    func spellingsOfOneNumberAreOnePhone(text: String) {
        #expect(PhoneNumber.normalize(text, region: "US")?.e164 == "+15551234567")
    }

    @Test(arguments: [
        ("+44 20 7946 0958", "US", "+442079460958"), ("020 7946 0958", "GB", "+442079460958"),
        ("0044 20 7946 0958", "GB", "+442079460958"), ("011 44 20 7946 0958", "US", "+442079460958"),
        ("+39 06 1234 5678", "US", "+390612345678"), ("030 901820", "DE", "+4930901820"),
        ("+61 2 5550 1234", "US", "+61255501234"), ("1-800-FLOWERS", "US", "+18003569377"),
        ("(217) 555-0134", "US", "+12175550134"), ("+1 217 555 0134", "GB", "+12175550134"),
    ])
    func numbersOfTheWorldAreCompleted(text: String, region: String, e164: String) {
        #expect(PhoneNumber.normalize(text, region: region)?.e164 == e164)
    }

    @Test(arguments: [
        "anonymous", "Anonymous", "RESTRICTED", "restricted", "Unknown", "+266696687", "+7378742833", "+2562533",
        "+8656696",
        "+86282452253", "+86 28 245 2253", "n/a", "N/A", "none",
    ])
    func aWithheldCallerIsNobody(text: String) {
        guard case .withheld = GivenPhone(text, region: "US") else {
            Issue.record("\(text) was taken for \(GivenPhone(text, region: "US"))")
            return
        }
    }

    @Test(arguments: [
        "555-1234", "5551234", "12", "ext 5", "letters", "x", "", "1", "+", "++1", "+1 555", "123456789012345678",
    ])
    func whatCannotBeCompletedIsKeptAsItWasGiven(text: String) {
        #expect(GivenPhone(text, region: "US") == .incomplete(text))
    }

    @Test func anAustinNumberIsNotTheCodeOfAWithheldCaller() {
        #expect(PhoneNumber.normalize("737-874-2833", region: "US")?.e164 == "+17378742833")
    }

    @Test func endlessTextIsNoNumber() {
        #expect(PhoneNumber.normalize(String(repeating: "5", count: 100_000), region: "US") == nil)
        #expect(PhoneNumber.normalize(String(repeating: "+1(", count: 100_000), region: "US") == nil)
        #expect(PhoneNumber.normalize("555-123-4567" + String(repeating: " ", count: 1000) + "x", region: "US") == nil)
    }

    @Test func theShortWayAnswersAsTheLibraryDoes() {
        var randomness = SeededRandom(37)
        var taken = 0
        for _ in 0..<3000 {
            let text = spelling(&randomness)
            for region in ["US", "CA", "GB"] {
                guard let short = PhoneNumber(commonSpelling: text, region: region) else { continue }
                taken += 1
                #expect(PhoneDescription(text, region: region)?.e164 == short.e164, "\(text) in \(region)")
            }
        }
        #expect(taken > 1000)
    }

    private func spelling(_ randomness: inout SeededRandom) -> String {
        let shapes = [
            "##########", "+1##########", "1##########", "(###) ###-####", "+1 (###) ###-####", "###-###-####",
            "###.###.####",
            "1-###-###-####", "+1.###.###.####", " ### ### #### ", "-(###)--### ####-", "+##########", "+###########",
            "(###) #######)", "+ 1 ### ### ####", "###########", "(+1) ### ### ####",
        ]
        let shape = shapes[Int.random(in: 0..<shapes.count, using: &randomness)]
        return String(shape.map { $0 == "#" ? Character(String(Int.random(in: 0...9, using: &randomness))) : $0 })
    }

    @Test func theLibraryDescribesANumber() throws {
        let number = try #require(PhoneDescription("650-253-0000 ext 7", region: "US"))
        #expect(number.e164 == "+16502530000")
        #expect(number.national == "(650) 253-0000")
        #expect(number.international == "+1 650-253-0000")
        #expect(number.region == "US")
        #expect(number.callingCode == 1)
        #expect(number.phoneExtension == "7")
        #expect(number.isValid)
        #expect(PhoneDescription("nothing", region: "US") == nil)
        #expect(PhoneDescription.callingCode(of: "GB") == 44)
        #expect(PhoneDescription.callingCode(of: "XX") == nil)
    }
}
