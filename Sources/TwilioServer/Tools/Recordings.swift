import AtlasCore
import AtlasServer
import MCP

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What starting or stopping a recording came to.
struct RecordingState: Codable {
    var success: Bool
    var callSID: String
    var recordingSID: String
    var status: String

    init(_ recording: Recording) {
        success = true
        callSID = recording.callSID
        recordingSID = recording.recordingSID
        status = recording.status
    }
}

struct StartRecording: Tool {
    static let name = "start_recording"
    static let description = """
        Record a call that is in progress. In many places everybody on the line must agree first; say so to the user.
        """
    static let hints: ToolHints = .openWorld

    @Parameter("The call's SID.", .length(...64)) var callSID: String
    @Parameter("A URL that the provider tells when the recording is ready.", .length(...2048), .format("uri"))
    var recordingStatusCallback: String?

    func call(_ phone: Phone) async throws -> RecordingState {
        RecordingState(
            try await phone.telephony.startRecording(of: callSID, statusCallback: recordingStatusCallback))
    }
}

struct StopRecording: Tool {
    static let name = "stop_recording"
    static let description = "Stop a recording of a call that is in progress; the call goes on."
    static let hints: ToolHints = [.idempotent, .openWorld]

    @Parameter("The call's SID.", .length(...64)) var callSID: String
    @Parameter("The recording's SID.", .length(...64)) var recordingSID: String

    func call(_ phone: Phone) async throws -> RecordingState {
        RecordingState(try await phone.telephony.stopRecording(recordingSID, of: callSID))
    }
}

struct ListRecordings: Tool {
    static let name = "list_recordings"
    static let description = "List the recordings of a call, newest first; those in progress too."
    static let hints: ToolHints = [.readOnly, .openWorld]

    @Parameter("The call's SID.", .length(...64)) var callSID: String

    /// A recording as this list shows it.
    struct Item: Codable {
        var recordingSID: String
        var status: String
        var duration: Int?
        var dateCreated: Date?
        var mediaURL: String?
    }

    struct Output: Codable, PagedOutput {
        var success: Bool
        var callSID: String
        var recordings: [Item]
        var count: Int
        var truncated: Bool

        mutating func keep(first count: Int) {
            recordings.removeLast(recordings.count - count)
            self.count = count
            truncated = true
        }
    }

    func call(_ phone: Phone) async throws -> Output {
        let recordings = try await phone.telephony.recordings(of: callSID).map {
            Item(
                recordingSID: $0.recordingSID, status: $0.status, duration: $0.duration, dateCreated: $0.dateCreated,
                mediaURL: $0.mediaURL)
        }
        return Output(
            success: true, callSID: callSID, recordings: recordings, count: recordings.count,
            truncated: recordings.count >= Recording.most)
    }
}

struct GetRecording: Tool {
    static let name = "get_recording"
    static let description = """
        Look up one recording. Its audio can be read as the resource atlas://recordings/{recording_sid}; media_url needs the \
        provider's credentials.
        """
    static let hints: ToolHints = [.readOnly, .openWorld]

    @Parameter("The recording's SID.", .length(...64)) var recordingSID: String

    struct Output: Codable {
        var success: Bool
        var recordingSID: String
        var callSID: String
        var status: String
        var duration: Int?
        var dateCreated: Date?
        var mediaURL: String?
    }

    func call(_ phone: Phone) async throws -> Output {
        let recording = try await phone.telephony.recording(recordingSID)
        return Output(
            success: true, recordingSID: recording.recordingSID, callSID: recording.callSID, status: recording.status,
            duration: recording.duration, dateCreated: recording.dateCreated, mediaURL: recording.mediaURL)
    }
}
