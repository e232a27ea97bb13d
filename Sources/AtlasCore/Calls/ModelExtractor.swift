#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
import JSON

/// Understands a call with a language model behind an OpenAI-compatible chat endpoint
/// (https://platform.openai.com/docs/api-reference/chat/create).
///
/// An answer that cannot be used never fails a call: ``PlainExtractor`` then says what it can, and a warning tells so.
public struct ModelExtractor: Sendable {
    public let timeout: Duration
    private let url: String
    private let model: String
    private let key: String?
    private let service: ModelService

    /// - Parameters:
    ///   - url: the base of the API like `http://localhost:11434/v1`, or the whole URL that ends in `/chat/completions`.
    ///   - key: a bearer token, if the service wants one.
    public init(url: String, model: String, key: String? = nil, timeout: Duration = .seconds(60), client: HTTPClient) {
        let end = url.firstIndex { $0 == "?" || $0 == "#" } ?? url.endIndex
        var path = url[..<end]
        while path.hasSuffix("/") { path.removeLast() }
        let query = url[end...].prefix { $0 != "#" }
        self.url = path + (path.hasSuffix("/chat/completions") ? "" : "/chat/completions") + query
        self.model = model
        self.key = key
        self.timeout = timeout
        service = ModelService(
            name: "the language model", variable: "ATLAS_CALL_INTELLIGENCE_LLM_URL",
            keyVariable: "ATLAS_CALL_INTELLIGENCE_LLM_API_KEY", client: client)
    }

    /// What the transcript tells, as far as it is grounded in it.
    ///
    /// - Parameter today: the day it is for the business, by which "tomorrow" is understood.
    /// - Throws: ``AtlasError`` when the service cannot be reached or refuses.
    public func extract(_ transcript: String, of call: CallFacts, today: CivilDate, region: String) async throws
        -> UnderstoodCall
    {
        let question = ExtractionQuestion(transcript, of: call, today: today)
        guard let text = try await content(question), let answer = ModelAnswer(text) else {
            var plain = PlainExtractor(region: region).extract(transcript, of: call)
            plain.warnings.append(
                "The language model's answer could not be used; what is here was found without it, and may be less.")
            return plain
        }
        let (extracted, found) = Grounding(transcript, of: call, region: region).checked(answer.extracted)
        var warnings = found
        if answer.isTruncated {
            warnings.append("The language model's answer was cut off; only what it had finished is here.")
        }
        return UnderstoodCall(
            extracted: extracted, summary: answer.summary, proposedActions: answer.proposedActions, warnings: warnings)
    }

    /// Finds out, without a question and so without cost, whether the service answers, takes the key and has the model.
    func health() async throws -> PartHealth {
        try await service.models(
            of: url, below: "/chat/completions", key: key, wanted: (model, ConfigurationKey.llmModel.name))
    }

    /// What the model says; nil when nothing of it can be used.
    private func content(_ question: ExtractionQuestion) async throws -> String? {
        var response: HTTPResponse
        do {
            response = try await ask(question, withSchema: true)
            // Servers that know no response_format refuse it; the prompt asks for the same.
            if [400, 422].contains(response.status) { response = try await ask(question, withSchema: false) }
        } catch let error as AtlasError where error.code == .upstreamError {
            // It answered, without end or without sense.
            return nil
        }
        guard response.isSuccess else { throw service.refusal(response) }
        return Self.content(of: response)
    }

    private func ask(_ question: ExtractionQuestion, withSchema: Bool) async throws -> HTTPResponse {
        var body: JSON.Object = [
            "model": .string(model), "messages": question.messages, "temperature": 0, "stream": false,
        ]
        if withSchema { body["response_format"] = ExtractionQuestion.responseFormat }
        var request = HTTPRequest(.post, url, body: .json(.object(body)))
        request.authorization = key.map(HTTPAuthorization.bearer)
        request.timeout = timeout
        // The answer within it is bounded again; what surrounds it may hold thoughts.
        request.largestBody = 4 << 20
        return try await service.send(request)
    }

    /// What the model said: a text, or parts of one.
    static func content(of response: HTTPResponse) -> String? {
        guard let message = response.json?["choices"]?[0]?["message"] else { return nil }
        if let text = message["content"]?.text { return text }
        guard let parts = message["content"]?.items else { return nil }
        return parts.compactMap { $0["text"]?.text }.joined()
    }
}
