import Foundation
import JSON
import Testing

@testable import AtlasCore

/// Who the customer of a call is, as far as the call tells.
@Suite struct CallCustomerTests {
    private func customer(
        from: String = "+12175550134", to: String = "+12175550100", direction: String? = "inbound",
        own: Set<String> = [], region: String = "US", _ extracted: ExtractedCall = ExtractedCall()
    ) -> CallCustomer {
        let call = CallTranscript(
            id: UUID(), callSID: "CA1", fromNumber: from, toNumber: to, direction: direction,
            extractedData: extracted.json, proposedActions: [], status: "extracting", notified: false, createdAt: Date()
        )
        return CallCustomer(of: call, region: region, ownNumbers: own)
    }

    @Test func theNumberThatWasGivenGoesBeforeTheLine() {
        let given = customer(ExtractedCall(customerPhone: "217 555 0151"))
        #expect(given.number?.e164 == "+12175550151")
        #expect(given.line?.e164 == "+12175550134")
        #expect(customer().number?.e164 == "+12175550134")
        #expect(customer(direction: "outbound").number?.e164 == "+12175550100")
        #expect(customer(direction: "outbound-api").number?.e164 == "+12175550100")
    }

    @Test func unknownDirectionsAreToldByTheBusinesssOwnNumber() {
        #expect(customer(direction: nil).number?.e164 == "+12175550134")
        #expect(customer(direction: nil, own: ["+12175550134"]).number?.e164 == "+12175550100")
        #expect(customer(direction: nil, own: ["+12175550100"]).number?.e164 == "+12175550134")
        #expect(customer(direction: nil, own: ["+12175550100", "+12175550134"]).isUnknown)
    }

    @Test(arguments: ["(217) 555-0100", "+1 217 555 0177"])
    func theBusinesssOwnNumberIsNobodys(given: String) {
        // The one that was called is the business's, whether anybody configured it or not.
        let customer = customer(own: ["+12175550177"], ExtractedCall(customerPhone: given))
        #expect(customer.number?.e164 == "+12175550134")
        #expect(customer.warnings.isEmpty)
    }

    @Test func whatIsNoNumberOrAddressIsToldAndFailsNothing() {
        let customer = customer(ExtractedCall(customerPhone: "555-0151", customerEmail: "ann at example"))
        #expect(customer.number?.e164 == "+12175550134")
        #expect(customer.email == nil)
        #expect(customer.warnings.count == 2)
        #expect(customer.warnings.first?.contains("ann at example") == false)
    }

    @Test(arguments: ["anonymous", "Restricted", "+266696687", "+7378742833", ""])
    func aHiddenLineTellsNobody(line: String) {
        let nobody = customer(from: line, ExtractedCall(customerName: "Ann Lee"))
        #expect(nobody.isUnknown)
        #expect(nobody.warnings.count == 1)
        let told = customer(from: line, ExtractedCall(customerEmail: "Ann@Example.com"))
        #expect(!told.isUnknown)
        #expect(told.email?.text == "ann@example.com")
        #expect(told.warnings.isEmpty)
    }

    @Test func numbersAreReadAsDialledInTheRegion() {
        let british = customer(region: "GB", ExtractedCall(customerPhone: "020 7946 0123"))
        #expect(british.number?.e164 == "+442079460123")
        let german = customer(from: "+49 (0)30 23125017", region: "DE")
        #expect(german.number?.e164 == "+493023125017")
        let mexican = customer(ExtractedCall(customerPhone: "+52 55 5555 1234"))
        #expect(mexican.number?.e164 == "+525555551234")
    }

    @Test func aSentenceIsMadeWhereThereIsNoSummary() {
        var call = CallTranscript(
            id: UUID(), callSID: "CA1", fromNumber: "", toNumber: "", direction: "inbound",
            extractedData: ExtractedCall(
                intent: "estimate_request", servicesMentioned: ["deep cleaning", "windows"], preferredDate: "Tuesday",
                preferredTime: "9 am"
            ).json, proposedActions: [], status: "ready", notified: false, createdAt: Date())
        #expect(
            CallInteraction(of: call).summary
                == "Incoming call about estimate request: deep cleaning, windows; wanted for Tuesday, 9 am.")
        call.extractedData = ["intent": 7, "services_mentioned": ["a": 1]]
        call.direction = nil
        #expect(CallInteraction(of: call).summary.hasPrefix("Call"))
        call.summary = "Ann wants a quote."
        #expect(CallInteraction(of: call).summary == "Ann wants a quote.")
        #expect(CallInteraction(of: call).metadata["call_sid"] == "CA1")
    }
}
