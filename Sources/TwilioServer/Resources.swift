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
            })
    ]
}
