import Foundation
import JSON

/// A Dovecot of the tests' own: `Tests/Doubles/mailserver.py`. Each test takes a user of its own.
public final class MailServer: Sendable {
    /// One for the whole test process, started by the first who asks; nil where Dovecot is not installed.
    public static func shared() async -> MailServer? { await TestDatabase.workers.run { common } }
    private static let common = MailServer()

    /// Another, announcing only these capabilities.
    public static func launch(capability: String) async -> MailServer? {
        await TestDatabase.workers.run { MailServer(["--capability", capability]) }
    }

    public struct User: Sendable {
        public let address: String
        public let password: String
        /// For XOAUTH2, one that is valid and one that is not any more.
        public let token: String
        public let expiredToken: String
    }

    public let port: Int
    /// TLS from the start.
    public let securePort: Int
    /// The certificate of its authority, a PEM file.
    public let authority: String
    private let process: LineProcess

    private init?(_ options: [String] = []) {
        let installed = ["/usr/sbin/dovecot", "/usr/bin/dovecot", "/opt/homebrew/sbin/dovecot"]
        guard installed.contains(where: FileManager.default.isExecutableFile) else { return nil }
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().path
        process = LineProcess(
            "/usr/bin/env", ["python3", root + "/Doubles/mailserver.py"] + options,
            environment: ["PYTHONDONTWRITEBYTECODE": "1"])
        let place = try? JSON(parsing: process.line())
        guard let port = place?["imap"]?.integer, let securePort = place?["imaps"]?.integer,
            let authority = place?["ca"]?.text
        else { fatalError("the mail server for tests did not start") }
        self.port = port
        self.securePort = securePort
        self.authority = authority
    }

    public func user(_ address: String) async -> User {
        let entry = await ask(["order": "user", "address": address])
        return User(
            address: address, password: entry["password"]?.text ?? "", token: entry["token"]?.text ?? "",
            expiredToken: entry["expired_token"]?.text ?? "")
    }

    /// Puts a message there as it is, with flags as Maildir writes them (`FS`).
    public func deliver(
        _ message: String, to address: String, in mailbox: String = "INBOX", flags: String = "", arrived: Date = .now
    ) async {
        let octets = Data(message.replacing("\r\n", with: "\n").replacing("\n", with: "\r\n").utf8)
        _ = await ask([
            "order": "deliver", "address": address, "mailbox": mailbox, "flags": flags,
            "message": octets.base64EncodedString(), "date": Int(arrived.timeIntervalSince1970),
        ])
    }

    /// The flags of the messages in a mailbox, oldest first, each list sorted; without `\Recent`, which says only that nobody looked.
    public func flags(_ address: String, in mailbox: String = "INBOX") async -> [[String]] {
        let answer = await ask(["order": "messages", "address": address, "mailbox": mailbox])
        return (answer["messages"]?.items ?? []).map {
            ($0["flags"]?.items ?? []).compactMap(\.text).filter { $0 != "\\Recent" }
        }
    }

    /// The commands that the user's sessions gave since ``forget(_:)``, in their order.
    public func commands(_ address: String) async -> [String] {
        let answer = await ask(["order": "sessions", "address": address])
        return (answer["sessions"]?.items ?? []).flatMap { ($0["commands"]?.items ?? []).compactMap(\.text) }
    }

    public func forget(_ address: String) async {
        _ = await ask(["order": "forget", "address": address])
    }

    private func ask(_ order: [String: Any]) async -> JSON {
        let line =
            (try? JSONSerialization.data(withJSONObject: order)).map { String(decoding: $0, as: UTF8.self) } ?? ""
        return await TestDatabase.workers.run { (try? JSON(parsing: process.ask(line))) ?? .null }
    }
}
