import Foundation
import JSON
import MIME

@testable import AtlasCore

/// Google on loopback, and what reads and sends there.
struct GmailKit: Sendable {
    let google: DoubleProgram
    let http = HTTPClient()
    let token: OAuthToken
    let api: GmailAPI

    init(clientSecret: String? = nil, timeout: Duration = .seconds(20)) async throws {
        google = try await DoubleProgram.launch("gmail")
        token = OAuthToken(
            OAuthAccount(
                tokenURL: google["token_url"], clientID: google["client_id"],
                clientSecret: clientSecret ?? google["client_secret"],
                refreshToken: google["refresh_token"], names: .gmail), http: http)
        var api = GmailAPI(baseURL: google.url + "/", token: token, http: http, timeout: timeout)
        api.google.retries = HTTPRetries(attempts: 3, firstPause: .milliseconds(5))
        self.api = api
    }

    var reader: GmailReader { GmailReader(api: api) }
    var sender: GmailSender { GmailSender(api: api) }

    /// Puts a message into the mailbox: our id of it.
    @discardableResult
    func add(_ raw: String, labels: JSON = ["INBOX", "UNREAD"], minute: Int? = nil) async throws -> String {
        var order: JSON.Object = ["raw": .string(Base64URL.encode(Array(raw.utf8))), "labels": labels]
        if let minute { order.append("date", .integer(1_790_000_000 + minute * 60)) }
        return GmailID.message(try await google.order("add", .object(order))["id"]?.text ?? "")
    }

    /// A letter with these header fields and a text; lines end as on the wire.
    static func letter(_ text: String = "Hello", _ fields: [String: String] = [:]) -> String {
        let all = [
            "From": "Maria Gonzalez <maria@example.com>", "To": "office@acme.example", "Subject": "Hello",
            "Date": "Tue, 24 Nov 2026 09:00:00 -0600", "Content-Type": "text/plain; charset=utf-8",
        ].merging(fields) { _, new in new }
        return all.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)\r\n" }.joined() + "\r\n"
            + text
            .replacingOccurrences(of: "\n", with: "\r\n") + "\r\n"
    }

    static func outgoing(_ text: String = "Text", to: [String] = ["maria@example.com"]) -> OutgoingMail {
        var mail = OutgoingMail(
            from: MailAddress(name: "Acme", address: "office@acme.example"), subject: "Your estimate", text: text,
            date: Date(timeIntervalSince1970: 1_790_000_000), utcOffset: -21600, messageID: "m1@acme.example")
        mail.to = to.map { MailAddress(address: $0) }
        return mail
    }

    /// What the double says has left.
    func sent() async throws -> [JSON] { try await google.order("sent").items ?? [] }

    /// How many requests to send arrived, whatever became of them.
    func askedToSend() async throws -> Int { try await google.journal("POST", "/messages/send").count }
}

extension OAuthAccount.Names {
    /// As the server's wiring names them.
    static let gmail = Self(
        service: "Google", tokenURL: ConfigurationKey.googleTokenURL.name,
        clientID: ConfigurationKey.gmailClientID.name, clientSecret: ConfigurationKey.gmailClientSecret.name,
        refreshToken: ConfigurationKey.gmailRefreshToken.name)
}
