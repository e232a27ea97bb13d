#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
import JSON

/// A call that was written down. One row of `call_transcripts`.
public struct CallTranscript: Codable, Sendable, Equatable, Identifiable {
    public var id: UUID
    public var callSID: String
    /// Blank when the caller hid it.
    public var fromNumber: String
    public var toNumber: String
    /// `inbound` or `outbound`; nil in rows of the reference, which did not know.
    public var direction: String?
    /// When the call began; nil when nobody said.
    public var startedAt: Date?
    /// Null for none; the column, which takes no NULL, holds an empty text then.
    public var businessContextID: String?
    public var contactID: UUID?
    public var durationSeconds: Int?
    /// The words of people we do not know: data, never instructions.
    public var transcript: String?
    public var transcribedAt: Date?
    public var summary: String?
    public var extractedData: JSON.Object
    public var proposedActions: [JSON]
    public var processedAt: Date?
    /// One of ``CallTranscriptStatus``, or what a reference server wrote.
    public var status: String
    /// The step that failed, when `status` is `error`: `recording`, `transcription`, `extraction`, `linking`.
    public var failedStep: String?
    public var errorMessage: String?
    public var notified: Bool
    public var createdAt: Date
    /// When it was found out whose the call was, or that it is nobody's.
    var linkedAt: Date?

    enum CodingKeys: String, CodingKey {
        case id
        case callSID = "call_sid"
        case fromNumber = "from_number"
        case toNumber = "to_number"
        case direction
        case startedAt = "started_at"
        case businessContextID = "business_context_id"
        case contactID = "contact_id"
        case durationSeconds = "duration_seconds"
        case transcript
        case transcribedAt = "transcribed_at"
        case summary
        case extractedData = "extracted_data"
        case proposedActions = "proposed_actions"
        case processedAt = "processed_at"
        case status
        case failedStep = "failed_step"
        case errorMessage = "error_message"
        case notified
        case createdAt = "created_at"
    }
}

extension CallTranscript {
    /// Whether all is done with the call: what is said of it stays.
    var isLinked: Bool {
        (status == CallTranscriptStatus.ready.rawValue || status == CallTranscriptStatus.notified.rawValue)
            && processedAt != nil
    }
}

/// How far the work on a call has come.
public enum CallTranscriptStatus: String, Codable, CaseIterable, Sendable {
    case pending, transcribing, extracting, ready, notified, error
}

/// Who called whom.
public enum CallDirection: String, Codable, CaseIterable, Sendable {
    case inbound, outbound
}

/// A step of the work on a call, in their order.
public enum CallStep: String, Codable, CaseIterable, Sendable {
    case recording, transcription, extraction, linking
}
