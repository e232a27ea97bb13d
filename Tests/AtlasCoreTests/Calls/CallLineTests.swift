import Foundation
import TestSupport
import Testing

@testable import AtlasCore

/// People who share a line, and people who give another number than they call from.
@Suite struct CallLineTests {
    private func person(_ name: String?, _ phone: String? = nil, email: String? = nil) -> ExtractedCall {
        ExtractedCall(customerName: name, customerPhone: phone, customerEmail: email, intent: "booking")
    }

    @Test func aKnownCallerOfTheSameNameGetsTheNumberSheGives() async throws {
        let desk = try await CallDesk()
        let known = try await desk.kit.contacts.create(
            ContactDraft(fullName: "José García", phone: CallDesk.line)
        ).contact
        let link = try await desk.take("CA1", person("jose garcia", "217-555-0151", email: "j@example.com"))
        #expect(link.contact?.id == known.id && link.matchedOn == .phone)
        #expect(link.contact?.phones == [CallDesk.line, "+12175550151"])
        #expect(link.contact?.emails == ["j@example.com"])
        #expect(link.contact?.fullName == "José García")
    }

    @Test func somebodyElseOnAKnownLineIsSomebodyElse() async throws {
        let desk = try await CallDesk()
        let known = try await desk.kit.contacts.create(ContactDraft(fullName: "Ann Lee", phone: CallDesk.line)).contact
        let link = try await desk.take("CA1", person("Bob Lee", "217-555-0151"))
        #expect(link.created && link.contact?.phones == ["+12175550151"])
        // Nobody said who it was: the number alone.
        let nameless = try await desk.take("CA2", person(nil, "217-555-0152"))
        #expect(nameless.created && nameless.contact?.id != known.id)
        #expect(try await desk.kit.contacts.get(known.id)?.phones == [CallDesk.line])
    }

    @Test func twoOfOneNameOnALineAreNotChosenBetween() async throws {
        let desk = try await CallDesk()
        try await desk.take("CA1", person("Ann Lee", "217-555-0151"))
        let other = try await desk.kit.contacts.create(ContactDraft(fullName: "Ann Lee", phone: CallDesk.line)).contact
        let link = try await desk.take("CA2", person("Ann Lee", "217-555-0152"))
        #expect(link.created && link.contact?.id != other.id)
    }

    @Test func aNumberOrAddressThatIsKnownGoesBeforeTheNameOnTheLine() async throws {
        let desk = try await CallDesk()
        let onTheLine = try await desk.kit.contacts.create(
            ContactDraft(fullName: "Ann Lee", phone: CallDesk.line)
        ).contact
        let byEmail = try await desk.kit.contacts.create(
            ContactDraft(fullName: "Ann Lee", email: "ann@example.com")
        ).contact
        let link = try await desk.take("CA1", person("Ann Lee", "217-555-0151", email: "ann@example.com"))
        #expect(link.contact?.id == byEmail.id && link.matchedOn == .email)
        #expect(try await desk.kit.contacts.get(onTheLine.id)?.phones == [CallDesk.line])
    }

    @Test func aContactOfNoBusinessOnTheLineIsClaimedUnlessThatBusinessHasOneLikeIt() async throws {
        let desk = try await CallDesk()
        let free = try await desk.kit.insertAsReference("Ann Lee", phone: CallDesk.line)
        try await desk.kit.execute(
            "UPDATE contacts SET emails = '{a@example.com}', email = 'a@example.com' WHERE id = \(free)")
        _ = try await desk.kit.insertAsReference("Rival", email: "a@example.com", context: "prairie")
        let link = try await desk.take("CA1", context: "prairie", person("Ann Lee", "217-555-0151"))
        #expect(link.contact?.id == free)
        #expect(link.contact?.businessContextID == nil)
    }

    /// Everybody below is the same people in every order: two calls of one person have a number, an address, or the line and the name in
    /// common.
    private static let household: [(String, ExtractedCall, line: String, at: Double)] = {
        func call(_ name: String?, _ phone: String? = nil, email: String? = nil) -> ExtractedCall {
            ExtractedCall(customerName: name, customerPhone: phone, customerEmail: email, intent: "booking")
        }
        return [
            // Ann's own numbers, given on the family's line; once in other letters.
            ("CA01", call("Ann Lee", "217-555-0141"), CallDesk.line, 5),
            ("CA02", call("ANN LEE", "(217) 555 0142"), CallDesk.line, 1),
            ("CA03", call("Ann Lee", "217.555.0141"), CallDesk.line, 9),
            // Bob on the same line.
            ("CA04", call("Bob Lee", "217-555-0143", email: "bob@example.com"), CallDesk.line, 3),
            ("CA05", call("Bob Lee", "217-555-0143", email: "BOB@example.com"), CallDesk.line, 4),
            ("CA06", call(nil, email: "Bob@Example.com"), "anonymous", 2),
            // Two names on one line, and nothing else: one contact, called as in the first call.
            ("CA07", call("Eve Stone"), "+12175550160", 7),
            ("CA08", call("Mark Stone"), "+12175550160", 6),
            ("CA09", call("Lou Stone"), "+12175550160", 8),
            ("CA10", call(nil), "+12175550160", 1),
            // Cleo gives her number, and calls from that line without giving one.
            ("CA11", call("Cleo Ray", "217-555-0171"), "+12175550170", 2),
            ("CA12", call("Cleo Ray"), "+12175550170", 1),
            ("CA13", call("Cléo Ray", "217-555-0172"), "+12175550170", 3),
            // Nobody ever says a name.
            ("CA14", call(nil), "+12175550180", 1), ("CA15", call(nil), "+12175550180", 2),
        ]
    }()

    private static let people = [
        "ANN LEE +12175550141 +12175550142", "Bob Lee +12175550143 bob@example.com",
        "Caller +12175550180 +12175550180", "Cleo Ray +12175550170 +12175550171 +12175550172",
        "Mark Stone +12175550160",
    ]

    @Test(arguments: [1, 2, 3, 4, 5, 6] as [UInt64])
    func theOrderOfCallsMakesNoDifference(seed: UInt64) async throws {
        let desk = try await CallDesk()
        var state = seed
        let order = Self.household.map { call -> (UInt64, (String, ExtractedCall, line: String, at: Double)) in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (state >> 20, call)
        }.sorted { $0.0 < $1.0 }.map(\.1)
        // One by one, four at once, or all at once.
        let width = [1, 4, order.count][Int(seed % 3)]
        for _ in 0..<2 {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (index, call) in order.enumerated() {
                    if index >= width { try await group.next() }
                    let at = Date(timeIntervalSince1970: 1_795_000_000 + call.at * 3600)
                    group.addTask { try await desk.take(call.0, from: call.line, at: at, call.1) }
                }
                try await group.waitForAll()
            }
            #expect(try await desk.people() == Self.people, "\(order.map(\.0))")
            #expect(try await desk.kit.count("contact_interactions") == order.count)
        }
        let mark = try #require(try await desk.kit.contacts.get(idOrName: "Mark Stone"))
        let others = mark.metadata["also_known_as"]?.items?.compactMap { $0["value"]?.text } ?? []
        #expect(Set(others) == ["Eve Stone", "Lou Stone"])
    }

    @Test func aNameThatSomebodyCorrectedGivesWayToNoCall() async throws {
        let desk = try await CallDesk()
        let heard = try #require(
            try await desk.take("CA1", at: Date(timeIntervalSince1970: 1_795_000_000), person("Anne Lea")).contact)
        _ = try await desk.kit.contacts.update(heard.id, ContactChange(fullName: "Ann Lee"))
        let link = try await desk.take("CA2", at: Date(timeIntervalSince1970: 1_794_000_000), person("Ana Lay"))
        #expect(link.contact?.id == heard.id && link.contact?.fullName == "Ann Lee")
    }
}
