import Foundation
import JSON
import TestSupport
import Testing

@testable import AtlasCore

/// What the linker does with numbers, addresses and data that are not what they should be, and with people whom it knows in part.
@Suite struct CallLinkerTests {
    private let ann = ExtractedCall(customerName: "Ann Lee")

    // MARK: - The number

    @Test(arguments: ["555-0134", "ask my wife", "12", "anonymous", "+266696687", CallDesk.business])
    func aStatedNumberThatIdentifiesNobodyGivesWayToTheLine(stated: String) async throws {
        let desk = try await CallDesk(ownNumbers: [CallDesk.business])
        let link = try await desk.take("CA1", ExtractedCall(customerName: "Ann Lee", customerPhone: stated))
        #expect(link.contact?.phones == [CallDesk.line])
        #expect(link.contact?.phoneE164 == CallDesk.line)
        // That the caller hid the number, or that ours was said, needs no telling.
        if ["555-0134", "ask my wife", "12"].contains(stated) {
            #expect(link.warnings.count == 1)
            #expect(link.warnings.first?.contains("\"\(stated)\"") == true)
        } else {
            #expect(link.warnings.isEmpty)
        }
    }

    @Test(arguments: ["anonymous", "Restricted", "+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253"])
    func twoHiddenCallersAreTwoPeople(line: String) async throws {
        let desk = try await CallDesk()
        let first = try await desk.take(
            "CA1", from: line, ExtractedCall(customerName: "Ann Lee", customerEmail: "ann@example.com"))
        let second = try await desk.take(
            "CA2", from: line, ExtractedCall(customerName: "Bob Ray", customerEmail: "bob@example.com"))
        let third = try await desk.take("CA3", from: line, ExtractedCall(customerName: "Ann Lee"))
        #expect(first.contact?.phones == [])
        #expect(second.created)
        #expect(second.contact?.id != first.contact?.id)
        #expect(third.contact == nil)
        #expect(try await desk.kit.count() == 2)
    }

    @Test func aCallFromOurOwnNumberIsNobodys() async throws {
        let desk = try await CallDesk(ownNumbers: [CallDesk.business])
        let link = try await desk.take("CA1", from: CallDesk.business, ann)
        #expect(link.contact == nil)
        #expect(link.transcript.status == "ready")
        #expect(try await desk.kit.count() == 0)
    }

    // MARK: - Known in part

    @Test func whoIsKnownByAddressLearnsTheNumber() async throws {
        let desk = try await CallDesk()
        let known = try await desk.kit.contacts.create(ContactDraft(fullName: "Ann Lee", email: "ann@example.com"))
        let link = try await desk.take(
            "CA1", ExtractedCall(customerName: "Ann Lee", customerEmail: " ANN@example.com"))
        #expect(link.contact?.id == known.contact.id)
        #expect(link.matchedOn == .email)
        #expect(link.contact?.phones == [CallDesk.line])
        let next = try await desk.take("CA2")
        #expect(next.contact?.id == known.contact.id)
        #expect(next.matchedOn == .phone)
    }

    @Test func aCallThatBringsNothingNewLeavesTheContactUntouched() async throws {
        let desk = try await CallDesk()
        let known = try await desk.kit.contacts.create(ContactDraft(fullName: "Ann Lee", phone: CallDesk.line)).contact
        let link = try await desk.take("CA1", ExtractedCall(customerName: "ANN LEE", customerPhone: "1-217-555-0134"))
        #expect(link.contact == known, "its time of change included")
        #expect(try await desk.history("CA1").map(\.contact) == [known.id])
    }

    @Test func ofTheContactsOfTwoBusinessesACallForNeitherMeansNone() async throws {
        let desk = try await CallDesk()
        let first = try await desk.take("CA1", context: "prairie", ann)
        let second = try await desk.take("CA2", context: "lakeside", ann)
        #expect(second.created)
        let neither = try await desk.take("CA3", ann)
        #expect(neither.created)
        #expect(neither.contact?.businessContextID == nil)
        #expect(Set([first, second, neither].map(\.contact?.id)).count == 3)
    }

    // MARK: - What callers say is data

    @Test(arguments: ["ann at example", "a@b@c.example", "ann@", "<ann@example.com>"])
    func anAddressThatIsNoneIsLeftOutAndTold(email: String) async throws {
        let desk = try await CallDesk()
        let link = try await desk.take("CA1", ExtractedCall(customerName: "Ann Lee", customerEmail: email))
        #expect(link.contact?.emails == [])
        #expect(link.warnings.count == 1)
        #expect(link.warnings.first?.contains("customer_email") == true)
    }

    @Test func valuesThatAreTooLongAreCutAndFailNothing() async throws {
        let desk = try await CallDesk()
        let long = String(repeating: "Very ", count: 5_000)
        let link = try await desk.take(
            "CA1", summary: long,
            ExtractedCall(
                customerName: long, customerPhone: long, customerEmail: long, intent: long,
                servicesMentioned: Array(repeating: long, count: 100), address: long, preferredDate: long, notes: long))
        let contact = try #require(link.contact)
        #expect(contact.fullName == "Caller \(CallDesk.line)", "a speech is no name")
        #expect(contact.phones == [CallDesk.line])
        #expect(contact.address.map { $0.unicodeScalars.count <= 1000 } == true)
        let summary = try await desk.history("CA1").first?.summary ?? ""
        #expect((1...10_000).contains(summary.unicodeScalars.count))
        #expect(link.warnings.allSatisfy { $0.count < 300 })
    }

    /// Other programs write what they like.
    @Test(arguments: [
        #"{"customer_name": ["Ann", "Lee"], "customer_phone": 2175550151, "customer_email": {"a": 1}, "intent": 7}"#,
        #"{"customer_name": null, "customer_phone": null, "services_mentioned": "x", "follow_up_needed": "maybe"}"#,
        #""spam""#, "[]", "null", #"{"customer_name": "\u200b", "customer_email": "\n", "intent": ""}"#,
        #"{"customer_name": "'); DROP TABLE contacts; --", "address": "\u202eevil"}"#,
    ])
    func whateverStandsInTheRowIsLinked(data: String) async throws {
        let desk = try await CallDesk()
        try await desk.write("CA1")
        try await desk.kit.execute("UPDATE call_transcripts SET extracted_data = \(data)::text::jsonb")
        let link = try await desk.linker.link("CA1")
        #expect(link.transcript.status == "ready")
        #expect(link.contact?.phones == [data.contains("2175550151") ? "+12175550151" : CallDesk.line])
        #expect(link.contact?.fullName.contains("DROP") == false)
        #expect(link.contact?.address?.contains("\u{202E}") != true)
        #expect(try await desk.history("CA1").count == 1)
    }

    // MARK: - Whoever listens

    @Test func aChangeIsToldOnceAndNoChangeIsNot() async throws {
        let desk = try await CallDesk()
        let link = try await desk.take("CA1", ann)
        for _ in 0..<3 { _ = try await desk.linker.link("CA1") }
        try await desk.take("CA2", from: "anonymous")
        try await desk.take("CA3", ExtractedCall(intent: "spam"))
        #expect(desk.kit.changed.all == [link.contact?.id])
    }
}
