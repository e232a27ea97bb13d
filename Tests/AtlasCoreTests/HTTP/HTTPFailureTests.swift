import Foundation
import TestSupport
import Testing

@testable import AtlasCore

@Suite struct HTTPFailureTests {
    let server: HTTPServer
    init() async { server = await HTTPServer.shared() }
    let client = HTTPClient()

    private func send(_ method: HTTPRequest.Method, _ url: String, timeout: Duration = .seconds(30)) async -> HTTPError?
    {
        var request = HTTPRequest(method, url)
        request.timeout = timeout
        return await failure { try await client.send(request) }
    }

    @Test func nobodyListens() async throws {
        // A port that was free a moment ago.
        let gone = await HTTPServer.launch()
        let url = gone.url("k/echo", host: "127.0.0.1")
        await gone.stop()
        #expect(await send(.post, url) == HTTPError(.unreachable, host: "127.0.0.1", mayHaveArrived: false))
    }

    @Test func aNameThatDoesNotExist() async throws {
        // RFC 6761: there never is a host below "invalid".
        let error = await send(.post, "https://atlas-test.invalid/", timeout: .seconds(20))
        #expect(error?.host == "atlas-test.invalid" && error?.mayHaveArrived == false)
        #expect([.unknownHost, .unreachable, .timeout].contains(error?.kind))
    }

    @Test func aServerThatNeverAnswersRunsIntoTheDeadline() async throws {
        let key = freshKey()
        let start = ContinuousClock.now
        let error = await send(.post, server.url("\(key)/hang"), timeout: .milliseconds(200))
        #expect(error == HTTPError(.timeout, host: "localhost", mayHaveArrived: true))
        #expect((.milliseconds(200) ... .seconds(20)).contains(.now - start))
        #expect(await eventually { await server.requests(key).first?.isClosed == true })
    }

    @Test func aHandshakeThatNeverComesRunsIntoTheDeadlineAndNothingWasSent() async throws {
        let url = "https://localhost:\(server.port(.mute))/"
        let error = await send(.post, url, timeout: .milliseconds(200))
        #expect(error == HTTPError(.timeout, host: "localhost", mayHaveArrived: false))
    }

    @Test(arguments: [Duration.zero, .seconds(-1)])
    func withoutTimeNothingIsSent(timeout: Duration) async throws {
        let key = freshKey()
        let error = await send(.post, server.url("\(key)/echo"), timeout: timeout)
        #expect(error == HTTPError(.timeout, host: "localhost", mayHaveArrived: false))
        #expect(await server.requests(key).isEmpty)
    }

    @Test func aDeadlineFarAwayIsNone() async throws {
        var request = HTTPRequest(.get, server.url("\(freshKey())/echo"))
        request.timeout = .seconds(Int64.max / 4)
        #expect(try await client.send(request).status == 200)
    }

    @Test(arguments: [
        ("close", HTTPError.Kind.interrupted), ("close-early", .interrupted), ("half", .interrupted),
        ("half-chunked", .interrupted), ("raw?kind=garbage", .malformedResponse),
        ("raw?kind=no-head", .malformedResponse),
        ("raw?kind=no-colon", .malformedResponse), ("raw?kind=bad-gzip", .malformedResponse),
        ("raw?kind=endless-head", .malformedResponse), ("raw?kind=long-field", .malformedResponse),
        ("raw?kind=negative-length", .malformedResponse), ("raw?kind=bad-chunk", .interrupted),
        ("raw?kind=two-lengths", .malformedResponse),
    ])
    func aServerThatBreaksTheRules(answer: String, kind: HTTPError.Kind) async throws {
        let error = await send(.get, server.url("\(freshKey())/\(answer)"))
        #expect(error == HTTPError(kind, host: "localhost", mayHaveArrived: true))
    }

    @Test(arguments: ["large?size=100001", "large?size=100001&chunked=1", "endless", "bomb?megabytes=32"])
    func aBodyOverTheLimitIsNotTaken(answer: String) async throws {
        var request = HTTPRequest(.get, server.url("\(freshKey())/\(answer)"))
        request.largestBody = 100_000
        let error = await failure { try await client.send(request) }
        #expect(error == HTTPError(.tooLarge, host: "localhost", mayHaveArrived: true))
    }

    @Test(arguments: ["large?size=100000", "large?size=100000&chunked=1"])
    func aBodyOfExactlyTheLimitIsTaken(answer: String) async throws {
        var request = HTTPRequest(.get, server.url("\(freshKey())/\(answer)"))
        request.largestBody = 100_000
        let response = try await client.send(request)
        #expect(response.body == (0..<100_000).map { UInt8($0 % 251) })
    }

    @Test func whatCannotBeAFieldIsRefusedBeforeAnythingIsSent() async throws {
        let key = freshKey()
        let refused: [HTTPHeader] = [
            HTTPHeader("X-A", "b\r\nX-Injected: 1"), HTTPHeader("X-A", "b\nc"), HTTPHeader("X-A", "b\0c"),
            HTTPHeader("X-A", "b\u{7F}"), HTTPHeader("X A", "b"), HTTPHeader("X-A:", "b"), HTTPHeader("", "b"),
            HTTPHeader("X-Ü", "b"), HTTPHeader("X-A\r\nX-B", "c"), HTTPHeader("Content-Length", "5"),
            HTTPHeader("transfer-encoding", "chunked"), HTTPHeader("Host", "elsewhere.example"),
            HTTPHeader("X-A", String(repeating: "a", count: 100_000)),
        ]
        for header in refused {
            var request = HTTPRequest(.get, server.url("\(key)/echo"))
            request.headers = [header]
            let error = await failure { try await client.send(request) }
            #expect(error == HTTPError(.invalidHeader, host: "localhost", mayHaveArrived: false), "\(header)")
        }
        for authorization in [
            HTTPAuthorization.bearer("a\r\nb"), .bearer(""), .bearer("a b"), .basic(user: "a:b", password: "c"),
            .basic(user: "a", password: "b\nc"), .basic(user: "a", password: "\0"),
        ] {
            var request = HTTPRequest(.get, server.url("\(key)/echo"))
            request.authorization = authorization
            let error = await failure { try await client.send(request) }
            #expect(error == HTTPError(.invalidHeader, host: "localhost", mayHaveArrived: false))
        }
        #expect(await server.requests(key).isEmpty)
    }

    @Test func secretsAreNeitherPrintedNorDumped() async throws {
        var request = HTTPRequest(.get, "https://user:hunter2@api.example.com:8443/hunter2?token=hunter2#hunter2")
        request.headers = [HTTPHeader("X-Key", "hunter2")]
        request.body = .octets(Array("hunter2".utf8), type: "hunter2")
        for authorization in [HTTPAuthorization.basic(user: "hunter2", password: "hunter2"), .bearer("hunter2")] {
            request.authorization = authorization
            var dumped = ""
            dump(request, to: &dumped)
            dump(authorization, to: &dumped)
            dump([authorization], to: &dumped)
            let texts = [
                "\(request)", String(reflecting: request), "\(authorization)", String(reflecting: authorization),
                "\([authorization])", "\(String(describing: request.authorization))", dumped,
            ]
            for text in texts { #expect(!text.contains("hunter2"), "\(text)") }
        }
        #expect("\(request)" == "GET api.example.com")
        let error = await failure { try await client.send(request) }
        #expect(error?.kind == .invalidURL)
        #expect(error.map { !"\($0)".contains("hunter2") } == true)
    }
}
