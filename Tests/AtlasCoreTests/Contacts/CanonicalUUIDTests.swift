import Foundation
import Testing

@testable import AtlasCore

struct CanonicalUUIDTests {
    @Test func everyUUIDIsReadAsFoundationReadsIt() {
        for _ in 0..<1000 {
            let id = UUID()
            #expect(UUID(canonical: id.uuidString) == id)
            #expect(UUID(canonical: id.uuidString.lowercased()) == id)
        }
    }

    @Test(
        "What is no UUID is refused",
        arguments: [
            "", "0190a0c1", "0190a0c1-0000-7000-8000-00000000000", "0190a0c1-0000-7000-8000-0000000000000",
            "0190a0c1+0000-7000-8000-000000000000", "0190a0c1-0000-7000-8000-00000000000g",
            "{190a0c1-0000-7000-8000-00000000000}", "0190a0c100007000800000000000000000-0",
            "é190a0c1-0000-7000-8000-0000000000",
        ])
    func refused(text: String) {
        #expect(UUID(canonical: text) == nil)
    }
}
