import JSON
import Testing

@testable import AtlasCore

/// What goes wrong at Gmail, told apart.
@Suite struct GmailFailureTests {
    let kit: GmailKit
    init() async throws { kit = try await GmailKit() }

    @Test(
        "Each of Google's errors is told as what it is",
        arguments: [
            ("invalidArgument", AtlasError.Code.invalidArgument, "refused"),
            ("failedPrecondition", .permissionDenied, "Google account"),
            ("insufficientPermissions", .permissionDenied, "https://www.googleapis.com/auth/gmail.modify"),
            ("accessNotConfigured", .permissionDenied, "not enabled"),
            ("domainPolicy", .permissionDenied, "administrator"),
            ("rateLimitExceeded", .rateLimited, "too many"), ("userRateLimitExceeded", .rateLimited, "Wait"),
            ("dailyLimitExceeded", .rateLimited, "day"), ("tooManyRequests", .rateLimited, "Wait"),
            ("backendError", .unavailable, "later"), ("unavailable", .unavailable, "later"),
        ])
    func refused(reason: String, code: AtlasError.Code, says: String) async throws {
        try await kit.google.order("refuse", ["reason": .string(reason), "times": 10])
        let error = await thrown(AtlasError.self) { try await kit.reader.search(.all, in: nil, limit: 5) }
        #expect(error?.code == code && error?.message.contains(says) == true)
        #expect(error?.retryable == [.rateLimited, .unavailable].contains(code))
        let isRepeated = [
            "rateLimitExceeded", "userRateLimitExceeded", "tooManyRequests", "backendError", "unavailable",
        ].contains(reason)
        #expect(try await kit.google.journal("GET").count == (isRepeated ? 3 : 1))
    }

    @Test("Reads are repeated after what passes", arguments: ["rateLimitExceeded", "tooManyRequests", "backendError"])
    func repeated(reason: String) async throws {
        try await kit.google.order("refuse", ["reason": .string(reason), "times": 2])
        #expect(try await kit.reader.search(.all, in: nil, limit: 5).total == 0)
    }

    @Test("A pause that Google asks for is told")
    func waits() async throws {
        try await kit.google.order("refuse", ["reason": "tooManyRequests", "Retry_After": "90"])
        let error = await thrown(AtlasError.self) { try await kit.reader.folders() }
        #expect(error?.message.contains("Wait 90 s") == true)
    }

    @Test("A token that ended is renewed once, and what is refused then is the account's fault")
    func tokens() async throws {
        _ = try await kit.reader.search(.all, in: nil, limit: 5)
        try await kit.google.order("expire")
        _ = try await kit.reader.search(.all, in: nil, limit: 5)
        #expect(try await kit.google.journal("POST", "/token").count == 2)
        try await kit.google.order("refuse", ["reason": "authError", "times": 5])
        let error = await thrown(AtlasError.self) { try await kit.reader.search(.all, in: nil, limit: 5) }
        #expect(error?.code == .unauthenticated && error?.message.contains("ATLAS_TOOLS_GMAIL_REFRESH_TOKEN") == true)
        #expect(try await kit.google.journal("POST", "/token").count == 3)
    }

    @Test("Many requests that meet an ended token renew it together")
    func together() async throws {
        for minute in 0..<15 { try await kit.add(GmailKit.letter(), minute: minute) }
        _ = try await kit.token.token()
        try await kit.google.order("expire")
        #expect(try await kit.reader.folders().isEmpty == false)
        #expect(try await kit.reader.search(.all, in: nil, limit: 15).messages.count == 15)
        #expect(try await kit.google.journal("POST", "/token").count == 2)
    }

    @Test("An answer that is no JSON, or cut, is told as Google's fault", arguments: ["garbage", "answer"])
    func garbled(kind: String) async throws {
        try await kit.google.order(
            "fail", ["kind": .string(kind), "path": "/messages", "status": 200, "body": ["unexpected"], "times": 9])
        #expect(
            await thrown(AtlasError.self) { try await kit.reader.search(.all, in: nil, limit: 5) }?.code
                == .upstreamError)
    }

    @Test("A server that does not answer is waited for no longer than is set, and cancelling ends it at once")
    func hangs() async throws {
        var api = kit.api
        api.google.timeout = .milliseconds(300)
        _ = try await kit.token.token()
        try await kit.google.order("fail", ["kind": "hang", "path": "/messages", "times": 9])
        let reader = GmailReader(api: api)
        #expect(await thrown(AtlasError.self) { try await reader.search(.all, in: nil, limit: 5) }?.code == .timeout)
        let slow = kit.reader
        let task = Task { try await slow.search(.all, in: nil, limit: 5) }
        try await Task.sleep(for: .milliseconds(100))
        task.cancel()
        #expect(await thrown(CancellationError.self) { try await task.value } != nil)
    }

    @Test("Plain http to another machine is refused before anything leaves")
    func insecure() async throws {
        let api = GmailAPI(baseURL: "http://gmail.example", token: kit.token, http: kit.http)
        let error = await thrown(AtlasError.self) { try await GmailReader(api: api).folders() }
        #expect(error?.code == .notConfigured)
    }
}
