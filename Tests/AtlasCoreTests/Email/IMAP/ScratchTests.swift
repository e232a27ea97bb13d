import Foundation
import Testing

@testable import AtlasCore

@Suite struct ScratchTests {
    static let env = ProcessInfo.processInfo.environment
    static func account(
        _ security: MailServerAccount.Security = .tls, host: String = "localhost", port: Int? = nil,
        user: String = "alice@lab.test",
        password: String = "alice-pw", ca: String? = env["LAB_CA"]
    ) -> MailServerAccount {
        MailServerAccount(
            kind: .imap, host: host,
            port: port ?? Int(env[security == .tls ? "IMAPS_PORT" : "IMAP_STARTTLS_PORT"] ?? "")!, security: security,
            credentials: .password(user: user, password: password), caFile: ca)
    }

    @Test func opens() async throws {
        for security in [MailServerAccount.Security.tls, .startTLS, .none] {
            let start = ContinuousClock.now
            let c = try await MailConnection.open(Self.account(security), timeout: .seconds(10))
            print("open", security, ContinuousClock.now - start, c.lines)
            try await c.send(Array("x1 NOOP\r\n".utf8), deadline: .now + .seconds(3))
            print(String(decoding: try await c.receive(atMost: 1000, deadline: .now + .seconds(3)), as: UTF8.self))
            let cpu = clock()
            let s2 = ContinuousClock.now
            await #expect(throws: MailConnectionError.timeout) {
                _ = try await c.receive(atMost: 10, deadline: .now + .milliseconds(2500))
            }
            print("idle wait", ContinuousClock.now - s2, "cpu us", clock() - cpu)
            let s3 = ContinuousClock.now
            let t = Task { try await c.receive(atMost: 10, deadline: .now + .seconds(20)) }
            try await Task.sleep(for: .milliseconds(300))
            t.cancel()
            let r = await t.result
            print("cancel", r, ContinuousClock.now - s3)
            c.close()
        }
    }

    @Test func fails() async throws {
        let cases: [(String, MailServerAccount)] = [
            ("name", Self.account(host: "nowhere.invalid")), ("refused", Self.account(port: 1)),
            ("untrusted", Self.account(ca: nil)), ("mismatch", Self.account(host: "127.0.0.3")),
            ("wrong password", Self.account(password: "nonsense-secret")),
            ("tls on starttls port", Self.account(port: Int(Self.env["IMAP_STARTTLS_PORT"]!)!)),
            ("starttls on tls port", Self.account(.startTLS, port: Int(Self.env["IMAPS_PORT"]!)!)),
        ]
        for (name, account) in cases {
            let s = ContinuousClock.now
            do {
                let c = try await MailConnection.open(account, timeout: .seconds(3))
                print(name, "OPENED", c.lines)
            } catch {
                print(
                    name, ContinuousClock.now - s,
                    (error as? AtlasError).map { "\($0.code) \($0.message)" } ?? "\(error)")
            }
        }
    }
}
