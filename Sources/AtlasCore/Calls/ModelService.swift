#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A service that turns speech into text, or text into facts: how it is asked, and what its failures mean.
struct ModelService: Sendable {
    /// What it is for a reader: `the speech recognition`.
    let name: String
    /// The setting that says where it is.
    let variable: String
    /// The setting for its credentials, if it has one.
    let keyVariable: String?
    let client: HTTPClient

    /// Asks once, and once more where the service surely did not begin to work: nothing listened there, or it said that it is
    /// too busy (503).
    ///
    /// What is asked changes nothing, but it is slow and may cost money.
    func send(_ request: HTTPRequest, pause: Duration = .milliseconds(500)) async throws -> HTTPResponse {
        let deadline = ContinuousClock.now + request.timeout
        var request = request
        request.retries = .none
        do {
            let response = try await client.send(request)
            guard response.status == 503, let left = remaining(deadline, after: response.retryAfter ?? pause) else {
                return response
            }
            try await Task.sleep(for: response.retryAfter ?? pause)
            request.timeout = left
        } catch let error as HTTPError where [.unreachable, .interrupted].contains(error.kind) {
            guard let left = remaining(deadline, after: pause) else { throw failure(error) }
            try await Task.sleep(for: pause)
            request.timeout = left
        } catch let error as HTTPError {
            throw failure(error)
        }
        do { return try await client.send(request) } catch let error as HTTPError { throw failure(error) }
    }

    private func remaining(_ deadline: ContinuousClock.Instant, after pause: Duration) -> Duration? {
        let left = deadline - .now - pause
        return pause <= .seconds(10) && left > .milliseconds(100) ? left : nil
    }

    private func failure(_ error: HTTPError) -> AtlasError {
        switch error.kind {
        case .invalidURL:
            AtlasError(.notConfigured, "\(variable) is no URL; set it to one like http://localhost:8080/v1.")
        case .insecure:
            AtlasError(.notConfigured, "\(variable) must be https; plain http is accepted for this machine only.")
        case .unknownHost:
            AtlasError(.unavailable, "There is no host \(error.host), which \(variable) names for \(name).")
        case .unreachable:
            AtlasError(
                .unavailable, "Nothing answers at \(error.host), where \(variable) has \(name); check that it runs.")
        case .tooManyRedirects, .malformedResponse:
            AtlasError(.upstreamError, "What answers at \(error.host) is not \(name); check \(variable).")
        default: AtlasError(error, service: name.capitalizedFirst, isRead: true)
        }
    }

    /// What an answer that is none of success means.
    func refusal(_ response: HTTPResponse) -> AtlasError {
        let said = reason(response).map { ": \($0)" } ?? ""
        switch response.status {
        case 401, 403:
            let what = keyVariable.map { "check \($0)" } ?? "it must take requests from here without credentials"
            return AtlasError(
                .unauthenticated, "\(name.capitalizedFirst) refuses the credentials (\(response.status)); \(what).")
        case 404, 405:
            return AtlasError(
                .notConfigured,
                "\(name.capitalizedFirst) knows no such path or model (\(response.status)\(said)); check \(variable).")
        case 408, 504: return AtlasError(.timeout, "\(name.capitalizedFirst) took too long (\(response.status)).")
        case 429: return AtlasError(.rateLimited, "\(name.capitalizedFirst) asks for patience (429); try again later.")
        case 500...:
            return AtlasError(
                .unavailable, "\(name.capitalizedFirst) failed (\(response.status)\(said)); try again later.")
        default:
            return AtlasError(
                .upstreamError, "\(name.capitalizedFirst) refuses the request (\(response.status)\(said)).")
        }
    }

    /// The service's own words, as OpenAI's API and its kin give them.
    private func reason(_ response: HTTPResponse) -> String? {
        guard let json = response.json else { return nil }
        let text =
            json["error"]?["message"]?.text ?? json["error"]?.text ?? json["detail"]?.text ?? json["message"]?.text
        guard let text = text?.cleaned(), !text.isEmpty else { return nil }
        return String(text.prefix(200))
    }
}

extension String {
    /// With a capital at the start.
    var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
