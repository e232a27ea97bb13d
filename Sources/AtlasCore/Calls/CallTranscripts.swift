#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
import JSON

/// The calls that were written down, and how far the work on each has come.
///
/// One worker at a time has a call: it claims it, and says again and again that it is still there. What a worker writes after it
/// lost its claim is refused with `conflict`.
public struct CallTranscripts: Sendable {
    public init(contacts: Contacts) {}

    public func get(_ callSID: String) async throws -> CallTranscript? { nil }

    /// The newest first.
    public func list(contactID: UUID? = nil, status: CallTranscriptStatus? = nil, limit: Int = 20) async throws
        -> [CallTranscript]
    { [] }

    /// Takes the call for `worker` alone, and makes its row if there is none; facts that the row lacks are filled in.
    public func claim(_ facts: CallFacts, by worker: UUID, for time: Duration) async throws -> CallClaim {
        throw AtlasError(.internal, "not there yet")
    }

    /// Says that the worker is still there. False when somebody else has the call.
    public func keepClaim(_ id: UUID, by worker: UUID, for time: Duration) async throws -> Bool { false }

    public func release(_ id: UUID, by worker: UUID) async throws {}

    /// Notes that `step` has begun: status `transcribing` or `extracting`.
    public func begin(_ step: CallStep, of id: UUID, by worker: UUID) async throws {}

    public func keepTranscript(_ text: String, of id: UUID, by worker: UUID) async throws -> CallTranscript {
        throw AtlasError(.internal, "not there yet")
    }

    public func keepExtraction(
        _ extraction: ExtractedCall, summary: String?, proposedActions: [JSON], of id: UUID, by worker: UUID
    ) async throws -> CallTranscript {
        throw AtlasError(.internal, "not there yet")
    }

    /// Notes that `step` failed: status `error`. What earlier steps kept stays. The claim is released.
    public func fail(_ step: CallStep, _ reason: String, of id: UUID, by worker: UUID) async throws {}
}

/// What is known of a call before anything is understood of it.
public struct CallFacts: Sendable, Equatable {
    public var callSID: String
    public var fromNumber: String?
    public var toNumber: String?
    public var direction: CallDirection?
    public var durationSeconds: Int?
    public var businessContextID: String?

    public init(
        callSID: String, fromNumber: String? = nil, toNumber: String? = nil, direction: CallDirection? = nil,
        durationSeconds: Int? = nil, businessContextID: String? = nil
    ) {
        self.callSID = callSID
        self.fromNumber = fromNumber
        self.toNumber = toNumber
        self.direction = direction
        self.durationSeconds = durationSeconds
        self.businessContextID = businessContextID
    }
}

public enum CallClaim: Sendable {
    case mine(CallTranscript)
    /// Another worker has it.
    case busy(CallTranscript)
}
