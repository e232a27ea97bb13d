import TestSupport
import Testing

@testable import AtlasCore

@Suite struct HTTPConcurrencyTests {
    @Test func twoHundredAtOnceShareTheConnectionsThereMayBe() async throws {
        let server = await HTTPServer.launch()
        let client = HTTPClient()
        try await withThrowingTaskGroup(of: (String, String?).self) { group in
            for number in 0..<200 {
                group.addTask {
                    let url = server.url("k/delay?seconds=0.01&number=\(number)")
                    return (String(number), try await client.send(HTTPRequest(.get, url)).echoed?.target)
                }
            }
            for try await (number, target) in group {
                #expect(target?.hasSuffix("number=\(number)") == true)
            }
        }
        #expect(await server.requests("k").count == 200)
        #expect(await server.connections(.http).opened <= 32)
    }

    @Test func readsOneAfterTheOtherTakeOneConnection() async throws {
        let server = await HTTPServer.launch()
        let client = HTTPClient()
        for _ in 0..<20 { _ = try await client.send(HTTPRequest(.get, server.url("k/echo"))) }
        #expect(await server.connections(.http).opened == 1)
    }

    @Test func aReadWhoseKeptConnectionWasClosedTakesAnother() async throws {
        let server = await HTTPServer.launch()
        let client = HTTPClient()
        for _ in 0..<5 {
            #expect(try await client.send(HTTPRequest(.get, server.url("k/echo"))).status == 200)
            await server.drop(.http)
        }
        #expect(await server.requests("k").count == 5)
    }

    @Test func overHTTP2ManyReadsShareOneConnection() async throws {
        let server = await HTTPServer.launch()
        let client = HTTPClient(caFile: server.authority)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<80 {
                group.addTask {
                    let url = server.url("k/delay?seconds=0.02&number=\(number)", .http2)
                    let received = try await client.send(HTTPRequest(.get, url)).echoed
                    #expect(received?.target.hasSuffix("number=\(number)") == true)
                }
            }
            try await group.waitForAll()
        }
        #expect(await server.requests("k").count == 80)
        #expect(await server.connections(.http2).opened == 1)
    }

    @Test func formsAndCredentialsArriveOverHTTP2() async throws {
        let server = await HTTPServer.shared()
        let client = HTTPClient(caFile: server.authority)
        var request = HTTPRequest(.post, server.url("\(freshKey())/echo", .http2), body: .form([("a", "b c")]))
        request.authorization = .bearer("token")
        let received = try #require(try await client.send(request).echoed)
        #expect(received.text == "a=b+c")
        #expect(received[header: "authorization"] == "Bearer token")
        #expect(received[header: "content-type"] == "application/x-www-form-urlencoded")
        #expect(received[header: "user-agent"] == "Atlas/\(atlasVersion)")
    }

    @Test func aServerThatStallsDoesNotHoldUpOthers() async throws {
        let server = await HTTPServer.shared()
        let client = HTTPClient()
        let key = freshKey()
        let stalled = (0..<10).map { _ in
            Task { try await client.send(HTTPRequest(.get, server.url("\(key)/hang"))) }
        }
        #expect(await eventually { await server.requests(key).count == 10 })
        for _ in 0..<20 {
            #expect(try await client.send(HTTPRequest(.get, server.url("\(freshKey())/echo"))).status == 200)
        }
        for task in stalled { task.cancel() }
        for task in stalled { await #expect(throws: CancellationError.self) { try await task.value } }
    }
}
