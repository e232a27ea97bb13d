import AtlasCore
import Foundation
import JSON
import TestSupport
import Testing

/// Transcripts that somebody else made, and what a prompt is given of them.
@Suite struct SavedCallTests {
    private static let facts = CallFacts(
        callSID: CallKit.callSID, fromNumber: "+12175550134", toNumber: "+12175550100", direction: .inbound,
        durationSeconds: 65)

    @Test func whatAnAgentUnderstoodIsTakenTidied() async throws {
        try await withCalls { kit in
            let outcome = try await kit.intelligence().save(
                Self.facts, transcript: CallKit.transcript + "\u{202E}",
                extracted: ExtractedCall(
                    customerName: " Ann  Lee\u{200B} ", customerPhone: "217-555-0177", intent: "Booking"))
            #expect(outcome.contact?.phone == "+12175550177")
            #expect(outcome.callTranscript?.extractedData["intent"] == "booking")
            #expect(outcome.callTranscript?.transcript == CallKit.transcript)
            #expect(kit.llm.requests.isEmpty)
            #expect(kit.provider.calls == 0)
        }
    }

    @Test func savingAgainChangesNothing() async throws {
        try await withCalls { kit in
            let extracted = ExtractedCall(customerName: "Ann Lee", intent: "booking")
            let first = try await kit.intelligence().save(
                Self.facts, transcript: CallKit.transcript, extracted: extracted)
            let again = try await kit.intelligence().save(
                Self.facts, transcript: CallKit.transcript, extracted: extracted)
            #expect(again.callTranscript == first.callTranscript)
            #expect(again.steps.isEmpty)
            let bare = try await kit.intelligence().save(Self.facts, transcript: CallKit.transcript)
            #expect(bare.callTranscript == first.callTranscript)
            #expect(try await kit.interactions() == 1)
            #expect(kit.llm.requests.isEmpty)
        }
    }

    @Test func withoutDataTheModelUnderstandsIt() async throws {
        try await withCalls { kit in
            let outcome = try await kit.intelligence().save(Self.facts, transcript: CallKit.transcript)
            #expect(outcome.contact?.fullName == "Ann Lee")
            #expect(kit.llm.requests.count == 1)
            let plain = try await kit.intelligence(withLLM: false).save(
                CallFacts(callSID: "CA2", fromNumber: "+12175550188"), transcript: "My name is Bob Stone.")
            #expect(plain.contact?.fullName == "Bob Stone")
            #expect(kit.llm.requests.count == 1)
        }
    }

    @Test func whatIsKeptIsNeverReplacedSilently() async throws {
        try await withCalls { kit in
            let intelligence = kit.intelligence()
            let first = try await intelligence.save(
                Self.facts, transcript: CallKit.transcript, extracted: ExtractedCall(customerName: "Ann Lee"))
            #expect(
                await refusal { try await intelligence.save(Self.facts, transcript: "Something else.") }
                    == "conflict transcript")
            #expect(
                await refusal {
                    try await intelligence.save(
                        Self.facts, transcript: CallKit.transcript, extracted: ExtractedCall(customerName: "Bob"))
                } == "conflict extracted_data")
            #expect(try await kit.row() == first.callTranscript)
        }
    }

    @Test(arguments: ["", "  \n", "\u{200B}"])
    func anEmptyTranscriptIsRefused(text: String) async throws {
        try await withCalls { kit in
            #expect(
                await refusal { try await kit.intelligence().save(Self.facts, transcript: text) }
                    == "invalid_argument transcript")
            let row = try await kit.row()
            #expect(row == nil)
        }
    }

    @Test func aNameThatIsNoneIsLeftOutAndTold() async throws {
        try await withCalls { kit in
            let outcome = try await kit.intelligence().save(
                Self.facts, transcript: CallKit.transcript,
                extracted: ExtractedCall(customerName: "https://evil.example"))
            #expect(outcome.warnings.contains { $0.hasPrefix("customer_name") })
            #expect(outcome.callTranscript?.extractedData["customer_name"] ?? .null == .null)
        }
    }

    @Test func theFollowUpHoldsTheCallTheCustomerAndWhatIsAgreed() async throws {
        try await withCalls { kit in
            let outcome = try await kit.intelligence().save(
                Self.facts, transcript: String(repeating: "word ", count: 9000))
            let contact = try #require(outcome.contact)
            for (day, status) in [(-1, "confirmed"), (2, "confirmed"), (1, "confirmed"), (3, "cancelled")] {
                let start = Date(timeIntervalSinceNow: Double(day) * 86_400)
                _ = try await kit.database.run {
                    try $0.execute(
                        """
                        INSERT INTO appointments (start_time, end_time, service_type, status, customer_name, customer_phone,
                            business_context_id, contact_id)
                        VALUES (\(start), \(start.addingTimeInterval(3600)), \("day \(day)"), \(status), 'Ann', '1', 'x', \(contact.id))
                        """)
                }
            }
            let customers = CustomerContexts(contacts: kit.contacts, inbox: nil, time: BusinessTime(zone: .utc))
            let material = try await CallFollowUp(of: CallKit.callSID, store: kit.store, customers: customers)
            let customer = try #require(material.customer)
            #expect(customer.contact?.id == contact.id)
            #expect(customer.interactions.count == 1)
            #expect(customer.appointments.map(\.serviceType) == ["day 3", "day 2", "day 1", "day -1"])
            #expect(customer.nextAppointment?.serviceType == "day 1")
            #expect(customer.appointments.allSatisfy { !$0.when.isEmpty })
            #expect(material.transcriptTruncated)
            #expect(material.callTranscript.transcript?.count == 20_000)
            #expect(material.untrusted)
            #expect(
                await refusal { try await CallFollowUp(of: "CA404", store: kit.store, customers: customers) }
                    == "not_found call_sid")
        }
    }
}
