import JSON

/// Turns the audio of a call into text, by the service that `ATLAS_CALL_INTELLIGENCE_ASR_URL` names.
///
/// A URL that ends in `/v1`, or in `/v1/audio/transcriptions`, is an OpenAI-compatible service
/// (https://platform.openai.com/docs/api-reference/audio/createTranscription); any other is a plain endpoint that takes the file as
/// the multipart field `file` and answers `{"text": …}`, segments, or the text alone.
public struct Transcriber: Sendable {
    /// How long a whole transcription may take.
    public let timeout: Duration
    private let url: String
    private let isOpenAI: Bool
    private let service: ModelService

    public init(url: String, timeout: Duration = .seconds(120), client: HTTPClient) {
        self.timeout = timeout
        let end = url.firstIndex { $0 == "?" || $0 == "#" } ?? url.endIndex
        var path = url[..<end]
        while path.hasSuffix("/") { path.removeLast() }
        let query = url[end...].prefix { $0 != "#" }
        if path.hasSuffix("/v1") {
            self.url = path + "/audio/transcriptions" + query
            isOpenAI = true
        } else {
            self.url = url
            isOpenAI = path.hasSuffix("/v1/audio/transcriptions")
        }
        service = ModelService(
            name: "the speech recognition", variable: "ATLAS_CALL_INTELLIGENCE_ASR_URL", keyVariable: nil,
            client: client)
    }

    /// What is said in the WAV file at `path`; empty when nothing is.
    public func transcribe(_ path: String) async throws -> String {
        var parts: [HTTPBody.Part] = [
            .init("file", filename: "call.wav", type: "audio/wav", content: .file(path: path))
        ]
        if isOpenAI { parts += [.init("model", "whisper-1"), .init("response_format", "json")] }
        var request = HTTPRequest(.post, url, body: .multipart(parts))
        request.timeout = timeout
        request.largestBody = 4 << 20
        let response = try await service.send(request)
        guard response.isSuccess else { throw service.refusal(response) }
        guard let text = Self.text(of: response) else {
            throw AtlasError(
                .upstreamError,
                "The speech recognition answered without a text; check that ATLAS_CALL_INTELLIGENCE_ASR_URL is one.")
        }
        return text
    }

    /// Finds out, without a recording and so without cost, whether something answers there.
    ///
    /// A service like OpenAI's is asked for its models; of another nothing is known but that it takes uploads, so that it need not like
    /// a GET, and any answer about the method will do.
    func health() async throws -> PartHealth {
        guard !isOpenAI else { return try await service.models(of: url, below: "/audio/transcriptions", key: nil) }
        var request = HTTPRequest(.get, url)
        request.timeout = min(timeout, .seconds(30))
        request.largestBody = 4 << 20
        let response = try await service.send(request)
        var health = PartHealth(["\(service.client.host(of: url)) answers"])
        switch response.status {
        case 404, 410:
            health.warnings.append(
                "The speech recognition answers a GET with \(response.status), as if there were nothing by that path. Check the path in \(service.variable)."
            )
        case 401, 403, 408, 500..<501, 502...: throw service.refusal(response)
        default: break
        }
        return health
    }

    /// The text of an answer; nil when it has none, empty when it says that there was nothing to hear.
    static func text(of response: HTTPResponse) -> String? {
        guard let json = response.json else {
            // A body that is no JSON is the text itself, unless it is somebody's web page or broken JSON.
            let type = response[header: "Content-Type"]?.lowercased() ?? "text/plain"
            guard !type.contains("html"), !type.contains("json"),
                let text = String(validating: response.body, as: UTF8.self),
                !text.trimmed.hasPrefix("<")
            else { return nil }
            return heard(text)
        }
        if let text = json.text { return heard(text) }
        let segments = json["segments"]?.items ?? []
        let lines = segments.compactMap { segment -> (speaker: String?, text: String)? in
            guard let text = segment["text"]?.text?.trimmed, !text.isEmpty else { return nil }
            return (segment["speaker"]?.text?.cleaned().cutShort(at: 40), text)
        }
        // Who speaks is worth more than the text in one piece.
        if !lines.isEmpty, lines.allSatisfy({ $0.speaker?.isEmpty == false }) {
            return heard(lines.map { "\($0.speaker ?? ""): \($0.text)" }.joined(separator: "\n"))
        }
        if let text = json["text"]?.text ?? json["transcript"]?.text { return heard(text) }
        return json["segments"]?.items == nil ? nil : heard(lines.map(\.text).joined(separator: " "))
    }

    /// The text without what is invisible. `[BLANK_AUDIO]`, `(silence)` and the like alone are nothing.
    private static func heard(_ text: String) -> String {
        let text = text.cleaned(keepingLines: true).cutShort(at: TextLimit.transcript.longest)
        var depth = 0
        for character in text {
            switch character {
            case "[", "(": depth += 1
            case "]", ")": depth = max(0, depth - 1)
            default: if depth == 0, character.isLetter || character.isNumber { return text }
            }
        }
        return ""
    }
}
