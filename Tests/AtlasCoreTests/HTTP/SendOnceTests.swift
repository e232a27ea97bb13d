import TestSupport
import Testing

@testable import AtlasCore

/// A request that changes something is read once by the server, whatever happens, and the error says that it may have been.
@Suite struct SendOnceTests {
    let server: HTTPServer
    init() async { server = await HTTPServer.shared() }
    static let writes: [HTTPRequest.Method] = [.post, .put, .patch, .delete]

    private func request(_ method: HTTPRequest.Method, _ url: String) -> HTTPRequest {
        var request = HTTPRequest(method, url, body: method == .delete ? nil : .form([("To", "+15551234567")]))
        request.retries = HTTPRetries(attempts: 5, firstPause: .milliseconds(1))
        request.timeout = .seconds(60)
        return request
    }

    @Test(arguments: writes)
    func aServerThatReadsAndClosesAKeptConnectionSeesItOnce(method: HTTPRequest.Method) async throws {
        let client = HTTPClient()
        // Connections that are kept, so that there would be one to take.
        for _ in 0..<3 { _ = try await client.send(HTTPRequest(.get, server.url("\(freshKey())/echo"))) }
        let key = freshKey()
        let error = await failure { try await client.send(request(method, server.url("\(key)/close"))) }
        #expect(error == HTTPError(.interrupted, host: "localhost", mayHaveArrived: true))
        try await Task.sleep(for: .milliseconds(50))
        #expect(await server.requests(key).count == 1)
    }

    @Test(arguments: writes, ["close-early", "half", "half-chunked", "raw?kind=garbage", "status?code=503&retry=0"])
    func nothingMakesItBeSentAgain(method: HTTPRequest.Method, answer: String) async throws {
        let client = HTTPClient()
        let key = freshKey()
        do {
            let response = try await client.send(request(method, server.url("\(key)/\(answer)")))
            #expect(response.status == 503)
        } catch let error as HTTPError {
            #expect(error.mayHaveArrived)
        }
        try await Task.sleep(for: .milliseconds(50))
        #expect(await server.requests(key).count == 1)
    }

    @Test func aWriteTakesAConnectionOfItsOwnAndLeavesItForReads() async throws {
        let server = await HTTPServer.launch()
        let client = HTTPClient()
        func connection(_ method: HTTPRequest.Method) async throws -> Int? {
            try await client.send(request(method, server.url("\(freshKey())/echo"))).echoed?.connection
        }
        let read = try await connection(.get)
        let write = try await connection(.post)
        #expect(read != write)
        #expect(try await connection(.post) != write)
        #expect(await server.connections(.http).opened == 3)
        _ = try await connection(.get)
        #expect(await server.connections(.http).opened == 3)
    }

    @Test func manyWritesInARowDoNotRunOutOfConnections() async throws {
        let server = await HTTPServer.launch()
        let client = HTTPClient()
        for _ in 0..<150 {
            #expect(try await client.send(request(.post, server.url("k/echo"))).status == 200)
        }
        #expect(await server.requests("k").count == 150)
        #expect(await eventually { await server.connections(.http).open <= 32 })
    }

    /// To libcurl a connection that a second stream has joined is a used one, and on used ones it repeats what was lost.
    @Test(arguments: writes)
    func aWriteWhoseConnectionOthersJoinedIsNotSentAgain(method: HTTPRequest.Method) async throws {
        let server = await HTTPServer.launch()
        let client = HTTPClient(caFile: server.authority)
        let key = freshKey()
        async let write = failure { try await client.send(request(method, server.url("\(key)/hang", .http2))) }
        #expect(await eventually { await server.requests(key).count == 1 })
        let read = try await client.send(HTTPRequest(.get, server.url("\(freshKey())/echo", .http2)))
        let connection = await server.requests(key).first?.connection
        #expect(read.echoed?.connection == connection)
        await server.drop(.http2)
        #expect(await write == HTTPError(.interrupted, host: "localhost", mayHaveArrived: true))
        #expect(await server.requests(key).count == 1)
    }

    @Test(arguments: writes, ["close", "refuse"])
    func aStreamThatIsClosedOrRefusedIsNotSentAgain(method: HTTPRequest.Method, answer: String) async throws {
        let client = HTTPClient(caFile: server.authority)
        let key = freshKey()
        let error = await failure { try await client.send(request(method, server.url("\(key)/\(answer)", .http2))) }
        #expect(error?.kind == .interrupted && error?.mayHaveArrived == true)
        #expect(await server.requests(key).count == 1)
    }
}
