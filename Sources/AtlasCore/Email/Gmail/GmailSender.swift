import JSON
import MIME

/// Mail that leaves by Google's API.
///
/// Gmail reads the recipients from the header, Bcc too, and takes that field out. The sender must be the account or one of its aliases;
/// Gmail writes the account there otherwise.
struct GmailSender: MailSender {
    let api: GmailAPI

    var name: String { "gmail" }

    func send(_ message: OutgoingMail, idempotencyKey: String) async throws -> MailReceipt {
        let octets: [UInt8]
        do { octets = try message.composed(withBcc: true) } catch { throw MailRejection(error: AtlasError(error)) }
        let thread = await thread(answering: message.inReplyTo)
        do {
            return try await post(octets, thread, message)
        } catch let error as AtlasError where error.code == .notFound && thread != nil {
            // The conversation has gone meanwhile; nothing was sent.
            return try await post(octets, nil, message)
        }
    }

    private func post(_ octets: [UInt8], _ thread: String?, _ message: OutgoingMail) async throws -> MailReceipt {
        let response: HTTPResponse
        do {
            response = try await api.exchange(
                try GmailOutgoing(api: api).request("/messages/send", octets, thread: thread),
                limit: Self.patience(octets.count))
        } catch let error as HTTPError {
            guard error.mayHaveArrived else { throw AtlasError(error, service: GoogleService.gmail.name) }
            throw UncertainOutcome(Self.unknown)
        }
        guard response.isSuccess else {
            let refusal = GmailAPI.refusal(response, needs: .send)
            // After a fault of its own Google may have sent it all the same.
            if response.status >= 500 { throw UncertainOutcome(Self.unknown) }
            // What it says of a message that it cannot take, other providers would say, too.
            if response.status == 400, refusal.reason != "failedPrecondition" {
                throw MailRejection(error: refusal.error)
            }
            throw refusal.error
        }
        guard let id = response.json?["id"]?.text else { throw UncertainOutcome(Self.unknown) }
        return MailReceipt(accepted: message.recipients, reference: id.cleaned().cutShort(at: 100))
    }

    /// The conversation of the message that is answered. Gmail wants its id beside the header fields that say so; an account that may only
    /// send cannot be asked, and Gmail then goes by the header.
    private func thread(answering messageID: String?) async -> String? {
        guard let messageID, !messageID.contains("\""), !messageID.contains(where: \.isWhitespace) else { return nil }
        var api = api
        api.google.timeout = .seconds(10)
        api.google.retries = .none
        let query = [
            ("q", Optional("rfc822msgid:\(messageID)")), ("maxResults", "1"), ("fields", "messages(id,threadId)"),
        ]
        let found = try? await api.read("/messages", query)
        return found?["messages"]?[0]?["threadId"]?.text.flatMap { GmailID.isRaw($0) ? $0 : nil }
    }

    /// Half a minute, and more for what is long.
    private static func patience(_ octets: Int) -> Duration { .seconds(30 + octets / (128 << 10)) }

    static let unknown = AtlasError(
        .upstreamError,
        "Gmail gave no clear answer, so the message may or may not have been sent. Look into the sent mail before you send it again.",
        retryable: false)
}
