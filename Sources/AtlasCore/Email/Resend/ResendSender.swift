import JSON
import MIME

/// Mail that leaves by Resend's API.
///
/// Each message has an `Idempotency-Key`, by which Resend answers the same request once more, for 24 hours, instead of sending again. So
/// after a failure that leaves it unknown whether the message was taken, the very same request is made a second time, once.
struct ResendSender: MailSender {
    let key: String
    /// Without a slash at its end.
    let baseURL: String
    let http: HTTPClient
    var timeout: Duration = .seconds(30)
    /// Before the request is repeated: the first one may still be under way there.
    var pause: Duration = .seconds(1)

    var name: String { "resend" }
    static let service = "Resend"

    init(key: String, baseURL: String = "https://api.resend.com", http: HTTPClient, timeout: Duration = .seconds(30)) {
        self.key = key
        self.baseURL = baseURL.hasSuffix("/") ? String(baseURL.dropLast()) : baseURL
        self.http = http
        self.timeout = timeout
    }

    func send(_ message: OutgoingMail, idempotencyKey: String) async throws -> MailReceipt {
        let body: JSON
        do { body = try ResendMessage(message).json } catch { throw MailRejection(error: AtlasError(error)) }
        var request = HTTPRequest(.post, baseURL + "/emails", body: .octets(body.bytes, type: "application/json"))
        request.authorization = .bearer(key)
        request.headers = [
            HTTPHeader("Accept", "application/json"),
            HTTPHeader("Idempotency-Key", Self.fit(idempotencyKey) ?? message.messageID),
        ]
        request.timeout = timeout + .seconds(body.bytes.count / (128 << 10))
        request.largestBody = 1 << 20

        let reference: String
        switch try await attempt(request) {
        case .sent(let id): reference = id
        case .unclear:
            // A caller who goes away now is not told that nothing was sent.
            try? await Task.sleep(for: pause)
            // Whatever else is said now does not tell what became of the first.
            guard case .sent(let id) = try? await attempt(request) else { throw UncertainOutcome(Self.unknown) }
            reference = id
        }
        return MailReceipt(accepted: message.recipients, reference: reference)
    }

    private enum Outcome {
        case sent(String)
        /// It may have been taken.
        case unclear
    }

    /// - Throws: what is certain: ``AtlasError`` or ``MailRejection``.
    private func attempt(_ request: HTTPRequest) async throws -> Outcome {
        let response: HTTPResponse
        do {
            response = try await http.send(request)
        } catch let error as HTTPError {
            guard error.mayHaveArrived else { throw AtlasError(error, service: Self.service) }
            return .unclear
        }
        if response.isSuccess {
            guard let id = response.json?["id"]?.text else { return .unclear }
            return .sent(id.cleaned().cutShort(at: 100))
        }
        let refusal = ResendRefusal(response)
        if refusal.isUnclear { return .unclear }
        throw refusal.isOfTheMessage ? MailRejection(error: refusal.error) : refusal.error
    }

    /// A key as Resend takes it, and as a header field can hold it.
    private static func fit(_ key: String) -> String? {
        let fits = (1...256).contains(key.utf8.count) && key.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
        return fits ? key : nil
    }

    static let unknown = AtlasError(
        .upstreamError,
        "Resend gave no clear answer, so the message may or may not have been sent. Look into its log before you send it again.",
        retryable: false)
}

extension ResendSender: CustomStringConvertible, CustomReflectable {
    var description: String { "Resend <redacted>" }
    var customMirror: Mirror { Mirror(self, children: [], displayStyle: .struct) }
}
