#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What is known of a call before anything is understood of it.
public struct CallFacts: Sendable, Equatable {
    public var callSID: String
    public var fromNumber: String?
    public var toNumber: String?
    public var direction: CallDirection?
    public var durationSeconds: Int?
    /// When the call began.
    public var startedAt: Date?
    public var businessContextID: String?

    public init(
        callSID: String, fromNumber: String? = nil, toNumber: String? = nil, direction: CallDirection? = nil,
        durationSeconds: Int? = nil, startedAt: Date? = nil, businessContextID: String? = nil
    ) {
        self.callSID = callSID
        self.fromNumber = fromNumber
        self.toNumber = toNumber
        self.direction = direction
        self.durationSeconds = durationSeconds
        self.startedAt = startedAt
        self.businessContextID = businessContextID
    }
}

extension CallFacts {
    /// The same as it is stored: numbers as E.164 where they can be completed, nil where the caller hid them.
    ///
    /// - Throws: ``AtlasError`` `invalid_argument` naming the parameter.
    func checked(region: String, defaultContext: String?) throws -> CallFacts {
        var facts = self
        facts.callSID = try TextLimit.callSID.required(callSID)
        facts.fromNumber = Self.stored(fromNumber, region)
        facts.toNumber = Self.stored(toNumber, region)
        facts.businessContextID = try TextLimit.businessContext.optional(businessContextID) ?? defaultContext
        guard (0...604_800).contains(durationSeconds ?? 0) else {
            throw AtlasError(
                .invalidArgument, "duration_seconds must be between 0 and 604800, got \(durationSeconds ?? 0).",
                parameter: "duration_seconds")
        }
        return facts
    }

    private static func stored(_ number: String?, _ region: String) -> String? {
        switch number.map({ GivenPhone($0, region: region) }) {
        case .number(let number)?: return number.e164
        case .incomplete(let text)?:
            // A SIP address may be longer than the column.
            let text = text.cutShort(at: 32).trimmed
            return text.isEmpty ? nil : text
        case .withheld?, nil: return nil
        }
    }
}

/// Who has a call.
public enum CallClaim: Sendable {
    case mine(CallTranscript)
    /// Another worker has it.
    case busy(CallTranscript)
}

extension TextLimit {
    static let callSID = TextLimit(parameter: "call_sid", longest: 128)
    /// Eighteen hours of speech.
    static let keptTranscript = TextLimit(parameter: "transcript", longest: 1_000_000, keepsLines: true)
}
