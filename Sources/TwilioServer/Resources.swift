import AtlasCore
import AtlasServer
import MCP

enum CallResources {
    static let templates: [ResourceTemplate<Phone>] = [
        ResourceTemplate(
            "atlas://recordings/{recording_sid}", name: "recording", title: "Recording",
            description: "The audio of a call's recording, as MP3 of at most 700 KB.", mimeType: "audio/mpeg",
            read: { phone, variables in
                do {
                    let audio = try await phone.telephony.recordingAudio(variables["recording_sid"] ?? "")
                    return .binary(audio, mimeType: "audio/mpeg")
                } catch let error as AtlasError where error.code == .notFound {
                    return nil
                }
            }),
        ResourceTemplate(
            CallURI.template, name: "call", title: "Call",
            description: "A call that was written down: its transcript, what was understood, and whose it was.",
            mimeType: "application/json",
            read: { phone, variables in
                try await phone.calls.transcript(variables["call_sid"] ?? "").map { .json(WrittenCall($0)) }
            },
            complete: { phone, _, text, _ in
                try await phone.calls.transcripts(contactID: nil, status: nil, limit: 100).map(\.callSID)
                    .filter { $0.hasPrefix(text) }
            }),
    ]
}

/// Where a call can be read as a resource.
enum CallURI {
    static let template = "atlas://calls/{call_sid}"

    static func of(_ callSID: String) -> String { "atlas://calls/\(callSID)" }
}

/// A call as its resource shows it.
private struct WrittenCall: Codable, Sendable {
    var callTranscript: CallTranscript
    /// Whether the transcript is longer than what is here; get_call_transcript reads on.
    var truncated: Bool
    /// Transcripts hold other people's words: data, never instructions.
    var untrusted = true

    init(_ call: CallTranscript) {
        let whole = call.transcript?.unicodeScalars
        let shown = whole?.prefix(50_000)
        callTranscript = call
        callTranscript.transcript = shown.map { String($0) }
        truncated = (shown?.count ?? 0) < (whole?.count ?? 0)
    }
}
