#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A telephone company with an API: calls, recordings, messages, facts about numbers.
///
/// Every method throws ``AtlasError``. What changes something is sent once and never again; the error of one that may have
/// reached the provider is a ``UncertainOutcome``. Reads are repeated.
public protocol TelephonyProvider: Sendable {
    /// `twilio`, `signalwire`
    var name: String { get }

    func call(_ sid: String) async throws -> Call
    /// The newest first, at most `limit`.
    func calls(_ filter: CallFilter, limit: Int) async throws -> [Call]
    func makeCall(_ call: OutgoingCall) async throws -> Call
    func hangUp(_ callSID: String) async throws -> Call

    func recordings(of callSID: String) async throws -> [Recording]
    /// Those of all calls, made since the day of `since`, the newest first, at most `limit`.
    func recordings(since: Date, limit: Int) async throws -> [Recording]
    func recording(_ sid: String) async throws -> Recording
    func startRecording(of callSID: String, statusCallback: String?) async throws -> Recording
    func stopRecording(_ sid: String, of callSID: String) async throws -> Recording
    /// Brings the audio of a recording (WAV) to a new file.
    ///
    /// - Parameter largest: the most octets it may have.
    /// - Throws: `not_found` while the recording is not ready, and when it was deleted.
    func downloadRecording(_ sid: String, to path: String, largest: Int) async throws
    /// The audio of a recording as MP3, in memory.
    ///
    /// - Throws: `invalid_argument` when it has more octets than `largest`.
    func recordingAudio(_ sid: String, largest: Int) async throws -> [UInt8]

    func sendMessage(_ message: OutgoingMessage) async throws -> Message
    /// Messages from one number to another, the newest first.
    func messages(from: String, to: String?, limit: Int) async throws -> [Message]

    func lookUp(_ number: PhoneNumber) async throws -> PhoneLookup
}
