import AtlasCore
import Foundation
import JSON
import Synchronization
import TestSupport

/// A telephone company that has one call with one recording, and counts what it is asked.
final class OneCallProvider: TelephonyProvider {
    let name = "test"
    private struct State {
        var call: Call
        var recordings: [Recording]
        var calls = 0
        var listings = 0
        var downloads = 0
        /// How many downloads come before the recording is there.
        var notReady: Int
        var paths: [String] = []
        var failure: AtlasError?
    }
    private let state: Mutex<State>
    private let onDownload: @Sendable () -> Void

    init(
        _ call: Call, recordings: [Recording]? = nil, notReady: Int = 0, failure: AtlasError? = nil,
        onDownload: @escaping @Sendable () -> Void = {}
    ) {
        self.onDownload = onDownload
        let known = recordings ?? [Recording(recordingSID: "RE1", callSID: call.callSID, status: "completed")]
        state = Mutex(State(call: call, recordings: known, notReady: notReady, failure: failure))
    }

    var calls: Int { state.withLock { $0.calls } }
    var listings: Int { state.withLock { $0.listings } }
    var downloads: Int { state.withLock { $0.downloads } }
    /// Where the audio was put.
    var paths: [String] { state.withLock { $0.paths } }

    func call(_ sid: String) async throws -> Call {
        try state.withLock { state in
            state.calls += 1
            if let failure = state.failure { throw failure }
            return state.call
        }
    }

    func recordings(of callSID: String) async throws -> [Recording] {
        state.withLock { state in
            state.listings += 1
            return state.recordings
        }
    }

    func downloadRecording(_ sid: String, to path: String, largest: Int) async throws {
        try state.withLock { state in
            state.downloads += 1
            state.paths.append(path)
            if state.downloads <= state.notReady { throw AtlasError(.notFound, "not ready") }
        }
        onDownload()
        _ = FileManager.default.createFile(
            atPath: path, contents: Data(("RIFF of " + sid).utf8), attributes: [.posixPermissions: 0o600])
    }

    func recordings(since: Date, limit: Int) async throws -> [Recording] {
        state.withLock { state in
            state.listings += 1
            return state.recordings.filter { $0.dateCreated.map { $0 >= since } ?? true }
        }
    }

    private var unused: AtlasError { AtlasError(.internal, "no test asks for this") }
    func calls(_ filter: CallFilter, limit: Int) async throws -> [Call] { throw unused }
    func makeCall(_ call: OutgoingCall) async throws -> Call { throw unused }
    func hangUp(_ callSID: String) async throws -> Call { throw unused }
    func recording(_ sid: String) async throws -> Recording { throw unused }
    func startRecording(of callSID: String, statusCallback: String?) async throws -> Recording { throw unused }
    func stopRecording(_ sid: String, of callSID: String) async throws -> Recording { throw unused }
    func recordingAudio(_ sid: String, largest: Int) async throws -> [UInt8] { throw unused }
    func sendMessage(_ message: OutgoingMessage) async throws -> Message { throw unused }
    func messages(from: String, to: String?, limit: Int) async throws -> [Message] { throw unused }
    func lookUp(_ number: PhoneNumber) async throws -> PhoneLookup { throw unused }
}

/// A database, a telephone company, a speech recognition and a language model for one test.
struct CallKit: Sendable {
    static let callSID = "CA0123456789abcdef0123456789abcdef"
    static let transcript = "Agent: How can I help? Caller: My name is Ann Lee, I'd like a quote for a deep clean."
    static let answer =
        #"{"summary":"Ann Lee wants a quote.","extracted_data":{"customer_name":"Ann Lee","intent":"estimate_request","services_mentioned":["deep cleaning"]},"proposed_actions":[]}"#

    let contacts: Contacts
    let database: Database
    let provider: OneCallProvider
    let asr: LoopbackService
    let llm: LoopbackService
    let client = HTTPClient()
    let folder = NSTemporaryDirectory() + "atlas-calls-\(UUID().uuidString)"

    static func call(status: String = "completed", duration: Int? = 65, end: Date? = nil) -> Call {
        Call(
            callSID: callSID, from: "+12175550134", to: "+12175550100", status: status, direction: "inbound",
            duration: duration, endTime: end)
    }

    init(
        _ contacts: Contacts, _ database: Database, provider: OneCallProvider = OneCallProvider(CallKit.call()),
        transcript: String = CallKit.transcript, answer: String = CallKit.answer
    ) {
        self.contacts = contacts
        self.database = database
        self.provider = provider
        asr = LoopbackService { _, _ in .json(JSON.object(["text": .string(transcript)]).written) }
        llm = LoopbackService { _, _ in .json(Self.completion(answer)) }
    }

    static func completion(_ content: String) -> String {
        let message: JSON = ["role": "assistant", "content": .string(content)]
        return JSON.object(["choices": [["index": 0, "message": message, "finish_reason": "stop"]]]).written
    }

    var store: CallTranscripts { CallTranscripts(contacts: contacts) }

    func intelligence(
        isEnabled: Bool = true, withASR: Bool = true, withLLM: Bool = true, timeout: Duration = .seconds(20),
        limits: CallIntelligence.Limits = .init(),
        sleep: @escaping @Sendable (Duration) async throws -> Void = { _ in try await Task.sleep(for: .milliseconds(2))
        }
    ) -> CallIntelligence {
        let provider = provider
        return CallIntelligence(
            isEnabled: isEnabled, provider: { provider },
            transcriber: withASR ? Transcriber(url: asr.url + "/v1/asr", timeout: timeout, client: client) : nil,
            extractor: withLLM
                ? ModelExtractor(url: llm.url + "/v1", model: "small", key: "secret", timeout: timeout, client: client)
                : nil,
            store: store, linker: CallLinker(contacts: contacts), folder: folder, limits: limits, sleep: sleep)
    }

    func row() async throws -> CallTranscript? { try await store.get(Self.callSID) }

    /// What is left of the audio.
    var files: [String] { (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] }

    func interactions() async throws -> Int {
        try await database.run { try $0.value("SELECT count(*) FROM contact_interactions") ?? 0 }
    }

    func stop() async {
        asr.stop()
        llm.stop()
        await client.close()
        try? FileManager.default.removeItem(atPath: folder)
    }
}

/// Gives `body` a kit of its own, and ends its services afterwards.
func withCalls(
    _ provider: OneCallProvider = OneCallProvider(CallKit.call()), transcript: String = CallKit.transcript,
    answer: String = CallKit.answer, _ body: (CallKit) async throws -> Void
) async throws {
    let base = try await ContactsKit()
    let kit = CallKit(base.contacts, base.database, provider: provider, transcript: transcript, answer: answer)
    do { try await body(kit) } catch {
        await kit.stop()
        throw error
    }
    await kit.stop()
}

extension JSON {
    var written: String { String(decoding: bytes, as: UTF8.self) }
}

/// The message of the error that `body` throws; empty when it throws none.
func message(_ body: () async throws -> some Any) async -> String {
    do {
        _ = try await body()
        return ""
    } catch { return "\(error)" }
}
