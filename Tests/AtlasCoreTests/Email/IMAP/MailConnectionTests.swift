import CCurl
import Foundation
import TestSupport
import Testing

@testable import AtlasCore

@Suite("Connections to mail servers")
struct MailConnectionTests {
    static func failure(_ account: MailServerAccount, timeout: Duration = .seconds(10)) async -> AtlasError? {
        await MailKit.run {
            do {
                try await MailConnection.open(account, timeout: timeout).close()
                return nil
            } catch { return error as? AtlasError }
        }
    }

    @Test("TLS, STARTTLS and bearer tokens lead in, and octets go both ways")
    func opens() async throws {
        guard let (server, user) = await MailKit.user("opens") else { return }
        let token = MailServerAccount.Credentials.token(user: user.address) { _ in user.token }
        for account in [
            MailKit.account(server, user), MailKit.account(server, user, .startTLS),
            MailKit.account(server, user, credentials: token),
        ] {
            let said = try await MailKit.run {
                let connection = try await MailConnection.open(account, timeout: .seconds(10))
                defer { connection.close() }
                try await connection.send(Array("t1 NOOP\r\n".utf8), deadline: .now + .seconds(5))
                return try await connection.receive(atMost: 1000, deadline: .now + .seconds(5))
            }
            #expect(String(decoding: said, as: UTF8.self).hasPrefix("t1 OK"))
        }
    }

    @Test("A token that is refused is asked for anew once")
    func renews() async throws {
        guard let (server, user) = await MailKit.user("renews") else { return }
        let asked = Shared<[Bool]>([])
        let renewing = MailServerAccount.Credentials.token(user: user.address) { isRenewed in
            asked.update { $0.append(isRenewed) }
            return isRenewed ? user.token : user.expiredToken
        }
        #expect(await Self.failure(MailKit.account(server, user, credentials: renewing)) == nil)
        #expect(asked.value == [false, true])
        let stale = MailServerAccount.Credentials.token(user: user.address) { _ in user.expiredToken }
        let error = await Self.failure(MailKit.account(server, user, credentials: stale))
        #expect(error?.code == .unauthenticated)
        #expect(error?.message.contains("ATLAS_EMAIL_OAUTH_REFRESH_TOKEN") == true)
        #expect(error?.message.contains(user.expiredToken) == false)
    }

    @Test("What is wrong with an account is told apart, and names its variables")
    func failures() async throws {
        guard let (server, user) = await MailKit.user("failures") else { return }
        let wrong = MailServerAccount.Credentials.password(user: user.address, password: "Wrong-Secret-9")
        let cases: [(MailServerAccount, AtlasError.Code, String)] = [
            (MailKit.account(server, user, host: "nowhere.invalid"), .unavailable, "ATLAS_EMAIL_IMAP_HOST"),
            (MailKit.account(server, user, trusts: false), .notConfigured, "ATLAS_CA_FILE"),
            (MailKit.account(server, user, host: "127.0.0.1"), .notConfigured, "another name"),
            (MailKit.account(server, user, credentials: wrong), .unauthenticated, "ATLAS_EMAIL_IMAP_PASSWORD"),
            (MailKit.account(server, user, .none, host: "mail.example.com"), .notConfigured, "ATLAS_EMAIL_IMAP_SSL"),
            (MailKit.account(server, user, host: "a b"), .notConfigured, "ATLAS_EMAIL_IMAP_HOST"),
        ]
        for (account, code, words) in cases {
            let error = await Self.failure(account)
            #expect(error?.code == code, "\(words)")
            #expect(error?.message.contains(words) == true, "\(error?.message ?? "opened")")
            #expect(error?.message.contains("Wrong-Secret-9") == false)
        }
    }

    @Test("Servers that are none, refuse for now, or offer no STARTTLS are told apart")
    func strangers() async throws {
        let cases: [(String?, MailServerAccount.Security, String, AtlasError.Code, String)] = [
            ("SSH-2.0-OpenSSH_9.2\r\n", .none, "", .notConfigured, "is no IMAP server"),
            ("* BYE Too many connections, try again later\r\n", .none, "", .unavailable, "Try again later"),
            ("* OK ready\r\n", .startTLS, "* CAPABILITY IMAP4rev1\r\n%T OK done\r\n", .notConfigured, "no STARTTLS"),
            (
                "* PREAUTH in\r\n", .startTLS, "* CAPABILITY IMAP4rev1 STARTTLS\r\n%T OK done\r\n", .notConfigured,
                "STARTTLS"
            ),
            ("* OK ready\r\n", .none, "%T NO [UNAVAILABLE] directory is down\r\n", .unavailable, "directory is down"),
            ("* OK ready\r\n", .none, "%T NO no such user hush-hush-7\r\n", .unauthenticated, "refused the log-in"),
            (
                "* OK ready\r\n", .none, "%T NO AGFubgBodXNoLWh1c2gtNw== is wrong\r\n", .unauthenticated,
                "refused the log-in"
            ),
            (nil, .none, "", .timeout, "in time"),
        ]
        for (greeting, security, answer, code, words) in cases {
            let server = ScriptedServer(greeting: greeting) { line, _ in
                let tag = String(line.prefix { $0 != " " })
                if line.hasSuffix("CAPABILITY"), security == .none {
                    return .say("* CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN\r\n\(tag) OK done\r\n")
                }
                return .say(answer.replacing("%T", with: tag))
            }
            defer { server.stop() }
            let error = await Self.failure(MailKit.account(server, security: security), timeout: .seconds(1))
            #expect(error?.code == code, "\(words): \(error?.message ?? "opened")")
            #expect(error?.message.contains(words) == true, "\(error?.message ?? "opened")")
            #expect(error?.message.contains("hush-hush-7") == false)
            #expect(error?.message.contains("AGFubgBodXNo") == false)
            if security == .startTLS {
                #expect(!server.lines.contains { $0.contains("AUTHENTICATE") || $0.contains("LOGIN") })
            }
        }
    }

    @Test("Lines that were slipped in behind the answer to STARTTLS end the connection")
    func injection() async throws {
        let server = ScriptedServer(greeting: "* OK ready\r\n") { line, _ in
            let tag = String(line.prefix { $0 != " " })
            if line.hasSuffix("STARTTLS") { return .say("\(tag) OK go\r\n* PREAUTH welcome\r\n\(tag) OK in\r\n") }
            return .say("* CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN\r\n\(tag) OK done\r\n")
        }
        defer { server.stop() }
        #expect(await Self.failure(MailKit.account(server, security: .startTLS), timeout: .seconds(2)) != nil)
        #expect(!server.lines.contains { $0.contains("AUTHENTICATE") || $0.contains("LOGIN") })
    }

    @Test("Cancelling ends connecting and waiting at once")
    func cancels() async throws {
        let mute = ScriptedServer(greeting: nil) { _, _ in .say("") }
        defer { mute.stop() }
        let account = MailKit.account(mute)
        // What is not cancelled fails otherwise, after its time.
        let task = Task(executorPreference: TestDatabase.workers) {
            try await MailConnection.open(account, timeout: .seconds(60))
        }
        try await Task.sleep(for: .milliseconds(100))
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }

        guard let (server, user) = await MailKit.user("cancels") else { return }
        let connection = try await MailKit.run {
            try await MailConnection.open(MailKit.account(server, user), timeout: .seconds(10))
        }
        let waiting = Task(executorPreference: TestDatabase.workers) {
            try await connection.receive(atMost: 10, deadline: .now + .seconds(600))
        }
        try await Task.sleep(for: .milliseconds(100))
        waiting.cancel()
        await #expect(throws: MailConnectionError.cancelled) { try await waiting.value }
    }

    @Test("The settings of a server are read whole, and what is missing or wrong is named")
    func settings() throws {
        #expect(try MailServerAccount(imap: Configuration(), token: nil) == nil)
        let imap = [
            "ATLAS_EMAIL_IMAP_HOST": "imap.example.com", "ATLAS_EMAIL_IMAP_USERNAME": "ann",
            "ATLAS_EMAIL_IMAP_PASSWORD": "x",
        ]
        let account = try #require(try MailServerAccount(imap: Configuration(imap), token: nil))
        #expect(account.port == 993 && account.security == .tls)
        let plain = try #require(
            try MailServerAccount(imap: Configuration(imap.merging(["ATLAS_EMAIL_IMAP_SSL": "0"]) { $1 }), token: nil))
        #expect(plain.port == 143 && plain.security == .startTLS)
        let smtp = try #require(
            try MailServerAccount(
                smtp: Configuration(["ATLAS_EMAIL_SMTP_HOST": "h", "ATLAS_EMAIL_SMTP_PORT": "465"]), token: nil))
        #expect(smtp.security == .tls)
        let wrong: [([String: String], String)] = [
            (["ATLAS_EMAIL_IMAP_USERNAME": ""], "ATLAS_EMAIL_IMAP_USERNAME"),
            (["ATLAS_EMAIL_IMAP_PASSWORD": ""], "ATLAS_EMAIL_IMAP_PASSWORD"),
            (["ATLAS_EMAIL_IMAP_SSL": "maybe"], "ATLAS_EMAIL_IMAP_SSL"),
            (["ATLAS_EMAIL_IMAP_SSL": "none"], "ATLAS_EMAIL_IMAP_SSL"),
            (["ATLAS_EMAIL_IMAP_PORT": "0"], "ATLAS_EMAIL_IMAP_PORT"),
            (["ATLAS_EMAIL_IMAP_HOST": "https://x"], "ATLAS_EMAIL_IMAP_HOST"),
        ]
        for (change, name) in wrong {
            let error = #expect(throws: AtlasError.self) {
                try MailServerAccount(imap: Configuration(imap.merging(change) { $1 }), token: nil)
            }
            #expect(error?.code == .notConfigured)
            #expect(error?.message.contains(name) == true)
        }
    }

    @Test(
        "A refused password at a provider that wants another kind says which",
        arguments: ["imap.gmail.com", "outlook.office365.com"])
    func advice(host: String) {
        let account = MailServerAccount(
            kind: .imap, host: host, port: 993, security: .tls, credentials: .password(user: "a", password: "b"),
            caFile: nil)
        let outcome = ConnectOutcome(
            code: CURLE_LOGIN_DENIED, lines: ["A2 NO [AUTHENTICATIONFAILED] Invalid credentials"])
        let error = ConnectFailure(account: account, secret: account.secret, outcome: outcome).error
        #expect(error.code == .unauthenticated)
        #expect(error.message.contains(host.contains("gmail") ? "app password" : "ATLAS_EMAIL_OAUTH_CLIENT_ID"))
    }
}
