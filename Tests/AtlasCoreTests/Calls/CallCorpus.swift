import AtlasCore
import Foundation
import JSON

/// Calls as people make them, and the contacts that must come of them (`Tests/Fixtures/calls.json`).
///
/// Each expected outcome holds for every order of the calls: two calls of one new customer have a number or an e-mail address in
/// common, and state the same name or none.
struct CallCorpus: Decodable, Sendable {
    /// The business's own line.
    let business: String
    /// Who is known before the first call.
    let seed: [Person]
    let contacts: [ExpectedContact]
    let calls: [CorpusCall]

    struct Person: Decodable, Sendable {
        let fullName: String
        let phone: String?
        let email: String?
        let businessContextID: String?
        let status: String

        enum CodingKeys: String, CodingKey {
            case fullName = "full_name"
            case phone, email
            case businessContextID = "business_context_id"
            case status
        }
    }

    struct ExpectedContact: Decodable, Sendable {
        let key: String
        let fullName: String
        let phones: Set<String>
        let emails: Set<String>
        let businessContextID: String?
        let status: String
        let nameIsPlaceholder: Bool

        enum CodingKeys: String, CodingKey {
            case key
            case fullName = "full_name"
            case phones, emails
            case businessContextID = "business_context_id"
            case status
            case nameIsPlaceholder = "name_is_placeholder"
        }
    }

    struct CorpusCall: Decodable, Sendable {
        /// What is particular about it.
        let about: String
        let callSID: String
        let from: String
        let to: String
        let direction: CallDirection
        let seconds: Int
        let businessContextID: String?
        let transcript: String
        let extracted: ExtractedCall
        let expected: Expectation

        enum CodingKeys: String, CodingKey {
            case about
            case callSID = "call_sid"
            case from, to, direction
            case seconds = "duration_seconds"
            case businessContextID = "business_context_id"
            case transcript
            case extracted = "extracted_data"
            case expected = "expect"
        }

        struct Expectation: Decodable, Sendable {
            /// The key of the contact, or nil for none.
            let contact: String?
        }

        init(from decoder: any Decoder) throws {
            let call = try decoder.container(keyedBy: CodingKeys.self)
            about = try call.decode(String.self, forKey: .about)
            callSID = try call.decode(String.self, forKey: .callSID)
            from = try call.decode(String.self, forKey: .from)
            to = try call.decode(String.self, forKey: .to)
            direction = try call.decode(CallDirection.self, forKey: .direction)
            seconds = try call.decode(Int.self, forKey: .seconds)
            businessContextID = try call.decode(String?.self, forKey: .businessContextID)
            transcript = try call.decode(String.self, forKey: .transcript)
            extracted = ExtractedCall(reading: try call.decode(JSON.Object.self, forKey: .extracted))
            expected = try call.decode(Expectation.self, forKey: .expected)
        }

        /// Its name in a failure.
        var name: String { "\(callSID) (\(about))" }

        var facts: CallFacts {
            CallFacts(
                callSID: callSID, fromNumber: from, toNumber: to, direction: direction,
                durationSeconds: seconds, businessContextID: businessContextID)
        }
    }

    static let shared: CallCorpus = {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Fixtures/calls.json").standardizedFileURL
        do {
            return try JSONDecoder().decode(CallCorpus.self, from: Data(contentsOf: file))
        } catch { fatalError("\(file.path): \(error)") }
    }()
}

/// Dice that always fall the same (SplitMix64).
struct SeededDice: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
