import TestSupport
import Testing

@testable import AtlasCore

@Suite struct HTTPRedirectTests {
    let server: HTTPServer
    init() async { server = await HTTPServer.shared() }

    private func request(
        _ method: HTTPRequest.Method, to target: String, code: Int = 302, key: String = freshKey(),
        _ listener: HTTPServer.Listener = .http
    ) -> HTTPRequest {
        let encoded = String(decoding: FormEncoding.encode([("to", target), ("code", String(code))]), as: UTF8.self)
        var request = HTTPRequest(method, server.url("\(key)/redirect?\(encoded)", listener))
        request.redirects = 3
        request.authorization = .basic(user: "AC1", password: "secret")
        request.headers = [HTTPHeader("X-Api-Key", "secret"), HTTPHeader("Accept", "text/plain")]
        return request
    }

    @Test(arguments: [301, 302, 303, 307, 308])
    func redirectsAreAnAnswerUnlessAskedFor(code: Int) async throws {
        let key = freshKey()
        var request = request(.get, to: "/\(key)/echo", code: code)
        request.redirects = 0
        let response = try await HTTPClient().send(request)
        #expect(response.status == code)
        #expect(response[header: "Location"] == "/\(key)/echo")
        #expect(await server.requests(key).isEmpty)
    }

    @Test(arguments: ["/KEY/echo?a=b", "../KEY/echo?a=b", "ORIGIN/KEY/echo?a=b", "//HOST/KEY/echo?a=b#part"])
    func onTheSameOriginEverythingGoesAlong(target: String) async throws {
        let key = freshKey()
        let host = "localhost:\(server.port(.http))"
        let target = target.split(separator: "KEY", omittingEmptySubsequences: false).joined(separator: key)
            .split(separator: "ORIGIN", omittingEmptySubsequences: false).joined(separator: "http://\(host)")
            .split(separator: "HOST", omittingEmptySubsequences: false).joined(separator: host)
        let response = try await HTTPClient().send(request(.get, to: target))
        let received = try #require(response.echoed)
        #expect(received.target == "/\(key)/echo?a=b")
        #expect(received[header: "Authorization"] != nil && received[header: "X-Api-Key"] == "secret")
        #expect(response[header: "Location"] == nil)
    }

    @Test func toAnotherHostOrPortNeitherCredentialsNorKeysGoAlong() async throws {
        let client = HTTPClient(caFile: server.authority)
        let elsewhere = [
            server.url("KEY/echo", .http, host: "127.0.0.1"), server.url("KEY/echo", .https),
            "http://localhost:\(await HTTPServer.launch().port(.http))/KEY/echo",
        ]
        for target in elsewhere.dropLast() {
            let key = freshKey()
            let target = target.split(separator: "KEY").joined(separator: key)
            let received = try #require(try await client.send(request(.get, to: target)).echoed)
            #expect(received.target == "/\(key)/echo")
            #expect(received[header: "Authorization"] == nil && received[header: "X-Api-Key"] == nil)
            #expect(received[header: "Accept"] == "text/plain")
        }
    }

    @Test func credentialsDoNotComeBackFromElsewhere() async throws {
        let key = freshKey()
        let home = server.url("\(key)/echo")
        let away = String(decoding: FormEncoding.encode([("to", home)]), as: UTF8.self)
        let response = try await HTTPClient().send(
            request(.get, to: server.url("\(freshKey())/redirect?\(away)", host: "127.0.0.1")))
        let received = try #require(response.echoed)
        #expect(received.target == "/\(key)/echo")
        #expect(received[header: "Authorization"] == nil && received[header: "X-Api-Key"] == nil)
    }

    @Test func fromSecureToPlainIsNeverFollowed() async throws {
        let key = freshKey()
        let client = HTTPClient(caFile: server.authority)
        let error = await failure { try await client.send(request(.get, to: server.url("\(key)/echo"), .https)) }
        #expect(error == HTTPError(.insecure, host: "localhost", mayHaveArrived: true))
        #expect(await server.requests(key).isEmpty)
    }

    @Test(arguments: [
        ("http://example.com/", HTTPError.Kind.insecure), ("file:///etc/passwd", .malformedResponse),
        ("ftp://localhost/", .malformedResponse), ("http://a:b@localhost/", .malformedResponse),
        ("https://", .malformedResponse), ("/a b", .malformedResponse), ("gopher://localhost:1/", .malformedResponse),
    ])
    func aRedirectToWhereNothingMayGoIsAnError(target: String, kind: HTTPError.Kind) async throws {
        let error = await failure { try await HTTPClient().send(request(.get, to: target)) }
        #expect(error?.kind == kind && error?.mayHaveArrived == true)
    }

    @Test func anEndlessChainEnds() async throws {
        let key = freshKey()
        var request = HTTPRequest(.get, server.url("\(key)/redirect?to=redirect%3Fto%3Dredirect%253Fto%253Dredirect"))
        request.redirects = 1
        let error = await failure { try await HTTPClient().send(request) }
        #expect(error == HTTPError(.tooManyRedirects, host: "localhost", mayHaveArrived: true))
        #expect(await server.requests(key).count == 2)
    }

    @Test(arguments: [
        (301, HTTPRequest.Method.post, "GET"), (302, .post, "GET"), (303, .post, "GET"), (303, .put, "GET"),
        (307, .post, "POST"), (308, .post, "POST"), (301, .put, "PUT"), (302, .delete, "DELETE"), (303, .head, "HEAD"),
    ])
    func methodsChangeAsTheStandardSays(code: Int, method: HTTPRequest.Method, then: String) async throws {
        let key = freshKey()
        var request = request(method, to: "/\(key)/echo", code: code)
        if method != .head { request.body = .form([("a", "b")]) }
        #expect(try await HTTPClient().send(request).status == 200)
        let received = try #require(await server.requests(key).first)
        #expect(received.method == then)
        let keepsBody = !["GET", "HEAD"].contains(then)
        #expect(received.text == (keepsBody ? "a=b" : ""))
        #expect(received[header: "Content-Type"] == (keepsBody ? "application/x-www-form-urlencoded" : nil))
    }

    @Test(arguments: [307, 308])
    func whatChangesSomethingDoesNotGoToAnotherHost(code: Int) async throws {
        let key = freshKey()
        var request = request(.post, to: server.url("\(key)/echo", host: "127.0.0.1"), code: code)
        request.body = .form([("secret", "b")])
        #expect(try await HTTPClient().send(request).status == code)
        #expect(await server.requests(key).isEmpty)
    }
}
