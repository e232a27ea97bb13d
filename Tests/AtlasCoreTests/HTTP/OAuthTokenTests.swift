import JSON
import TestSupport
import Testing

@testable import AtlasCore

/// Access tokens, by the token endpoint of the Google double.
@Suite struct OAuthTokenTests {
    let kit: GmailKit
    init() async throws { kit = try await GmailKit() }

    private func refreshes() async throws -> Int { try await kit.google.journal("POST", "/token").count }

    @Test("A token is asked for once and kept")
    func kept() async throws {
        let first = try await kit.token.token()
        #expect(first.hasPrefix("ya29."))
        #expect(try await kit.token.token() == first)
        let asked = try await kit.google.journal("POST", "/token")
        #expect(asked.count == 1 && asked.first?.form["grant_type"] == "refresh_token")
        #expect(asked.first?.form["client_id"] == kit.google["client_id"])
    }

    @Test("Callers at the same moment share one request")
    func shared() async throws {
        let token = kit.token
        let tokens = try await concurrently(Array(0..<50), atMost: 50) { _ in try await token.token() }
        #expect(Set(tokens).count == 1)
        #expect(try await refreshes() == 1)
    }

    @Test("Many who were refused with the same token get one new one")
    func renewedOnce() async throws {
        let token = kit.token
        let old = try await token.token()
        let tokens = try await concurrently(Array(0..<20), atMost: 5) { _ in try await token.token(insteadOf: old) }
        #expect(Set(tokens).count == 1 && tokens.first != old)
        #expect(try await refreshes() == 2)
    }

    @Test("A token that shall be renewed is another one")
    func renewed() async throws {
        let old = try await kit.token.token()
        #expect(try await kit.token.token(renewed: true) != old)
    }

    @Test(
        "A token is not used up to its end: a minute less, or half of a short life",
        arguments: [(62, 2), (4, 2), (3600, 3540)])
    func ends(lifetime: Int, lasts: Int) async throws {
        try await kit.google.order("lifetime", ["seconds": .integer(lifetime)])
        let grant = try await OAuthRequest(account: kit.token.account, http: kit.http, timeout: .seconds(10)).result()
            .get()
        #expect(grant.lasts == .seconds(lifetime == 62 ? 31 : lasts))
    }

    @Test("A token that has ended is asked for anew")
    func endsInTime() async throws {
        try await kit.google.order("lifetime", ["seconds": 1])
        let first = try await kit.token.token()
        #expect(try await kit.token.token() != first)
    }

    @Test(
        "Each refusal says which setting to look at",
        arguments: [
            ("invalid_grant", AtlasError.Code.unauthenticated, "ATLAS_TOOLS_GMAIL_REFRESH_TOKEN"),
            ("invalid_client", .unauthenticated, "ATLAS_TOOLS_GMAIL_CLIENT_SECRET"),
            ("unauthorized_client", .unauthenticated, "ATLAS_TOOLS_GMAIL_CLIENT_ID"),
            ("rate_limit_exceeded", .rateLimited, "too many requests"), ("slow_down", .rateLimited, "Wait"),
            ("internal_failure", .unavailable, "later"), ("temporarily_unavailable", .unavailable, "later"),
        ])
    func refused(reason: String, code: AtlasError.Code, says: String) async throws {
        try await kit.google.order("refuse", ["reason": .string(reason), "times": 10])
        let token = OAuthToken(kit.token.account, http: kit.http, timeout: .seconds(60))
        let error = await thrown(AtlasError.self) { try await token.token() }
        #expect(error?.code == code)
        #expect(error?.message.contains(says) == true)
        #expect(error?.retryable == [.rateLimited, .unavailable].contains(code))
        for secret in [kit.google["refresh_token"], kit.google["client_secret"], kit.google["client_id"]] {
            #expect(error?.message.contains(secret) == false)
        }
    }

    @Test("A wrong secret is the client's fault, a revoked token the account's")
    func told() async throws {
        let wrong = try await GmailKit(clientSecret: "wrong")
        let client = await thrown(AtlasError.self) { try await wrong.token.token() }
        #expect(client?.message.contains("ATLAS_TOOLS_GMAIL_CLIENT_SECRET") == true)
        try await kit.google.order("revoke")
        let account = await thrown(AtlasError.self) { try await kit.token.token() }
        #expect(account?.message.contains("authorise again and set ATLAS_TOOLS_GMAIL_REFRESH_TOKEN") == true)
    }

    @Test("A fault that passes is waited out", arguments: ["cut", "answer"])
    func repeated(kind: String) async throws {
        try await kit.google.order("fail", ["kind": .string(kind), "path": "/token", "status": 503, "times": 2])
        #expect(try await kit.token.token().hasPrefix("ya29."))
        #expect(try await refreshes() == 3)
    }

    @Test("An answer without a token is told as one, and so is a host that is not there")
    func garbled() async throws {
        try await kit.google.order(
            "fail", ["kind": "answer", "path": "/token", "status": 200, "body": ["token_type": "Bearer"]])
        #expect(await thrown(AtlasError.self) { try await kit.token.token() }?.code == .upstreamError)
        let account = OAuthAccount(
            tokenURL: "http://example.com/token", clientID: "a", clientSecret: "b", refreshToken: "c", names: .gmail)
        let error = await thrown(AtlasError.self) { try await OAuthToken(account, http: kit.http).token() }
        #expect(error?.code == .notConfigured && error?.message.contains("ATLAS_GOOGLE_TOKEN_URL") == true)
    }

    @Test("A caller who goes away leaves the others their token")
    func cancelled() async throws {
        try await kit.google.order("fail", ["kind": "slow", "path": "/token"])
        let token = kit.token
        let leaver = Task { try await token.token() }
        #expect(try await eventually { try await refreshes() == 1 })
        async let stayer = token.token()
        try await Task.sleep(for: .milliseconds(50))
        leaver.cancel()
        #expect(await thrown(CancellationError.self) { try await leaver.value } != nil)
        #expect(try await stayer.hasPrefix("ya29."))
        #expect(try await refreshes() == 1)
    }

    @Test("With the last caller the request ends, and the next caller gets a token")
    func abandoned() async throws {
        try await kit.google.order("fail", ["kind": "hang", "path": "/token"])
        let token = kit.token
        let leaver = Task { try await token.token() }
        #expect(try await eventually { try await refreshes() == 1 })
        leaver.cancel()
        #expect(await thrown(CancellationError.self) { try await leaver.value } != nil)
        #expect(try await token.token().hasPrefix("ya29."))
    }

    @Test("Nothing that prints an account tells its secrets")
    func redacted() {
        var text = "\(kit.token.account) \(String(reflecting: kit.token.account))"
        dump(kit.token.account, to: &text)
        #expect(!text.contains(kit.google["client_secret"]) && !text.contains(kit.google["refresh_token"]))
    }
}
