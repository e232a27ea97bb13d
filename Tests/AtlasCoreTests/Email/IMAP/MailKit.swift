import Foundation
import TestSupport

@testable import AtlasCore

/// Accounts and readers for tests.
enum MailKit {
    /// A user of the shared Dovecot; nil where there is none.
    static func user(_ name: String) async -> (server: MailServer, user: MailServer.User)? {
        guard let server = await MailServer.shared() else { return nil }
        return (server, await server.user("\(name)@mail.test"))
    }

    static func account(
        _ server: MailServer, _ user: MailServer.User, _ security: MailServerAccount.Security = .tls,
        credentials: MailServerAccount.Credentials? = nil, host: String = "localhost", trusts: Bool = true
    ) -> MailServerAccount {
        MailServerAccount(
            kind: .imap, host: host, port: security == .tls ? server.securePort : server.port, security: security,
            credentials: credentials ?? .password(user: user.address, password: user.password),
            caFile: trusts ? server.authority : nil)
    }

    /// An account of a scripted server, in clear text as loopback allows.
    static func account(_ server: ScriptedServer, security: MailServerAccount.Security = .none) -> MailServerAccount {
        MailServerAccount(
            kind: .imap, host: "127.0.0.1", port: server.port, security: security,
            credentials: .password(user: "ann", password: "hush-hush-7"), caFile: nil)
    }

    static func letter(
        _ number: Int, _ lines: String..., date: String = "Tue, 24 Nov 2026 09:00:00 -0600", body: String = "Hello"
    ) -> String {
        ([
            "From: Maria <maria@example.com>", "To: office@mail.test", "Subject: Letter \(number)", "Date: \(date)",
            "Message-ID: <m\(number)@example.com>",
        ] + lines + ["", body, ""]).joined(separator: "\n")
    }

    /// Runs where blocking is allowed.
    static func run<R: Sendable>(_ body: @Sendable () async throws -> R) async rethrows -> R {
        try await TestDatabase.workers.run { try await body() }
    }
}
