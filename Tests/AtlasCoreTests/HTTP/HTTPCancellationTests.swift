import TestSupport
import Testing

@testable import AtlasCore

@Suite struct HTTPCancellationTests {
    let server: HTTPServer
    init() async { server = await HTTPServer.shared() }

    @Test(arguments: ["hang", "stall", "endless"], [HTTPServer.Listener.http, .https])
    func aCancelledTaskTakesItsTransferOffAtOnce(answer: String, listener: HTTPServer.Listener) async throws {
        let client = HTTPClient(caFile: server.authority)
        // The fastest of a few: the machine is busy with other tests.
        var fastest = Duration.seconds(60)
        for _ in 0..<5 where fastest >= .milliseconds(50) {
            let key = freshKey()
            var request = HTTPRequest(.post, server.url("\(key)/\(answer)", listener))
            request.largestBody = .max
            let task = Task { [request] in try await client.send(request) }
            #expect(await eventually { await server.requests(key).count == 1 })
            let start = ContinuousClock.now
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            fastest = min(fastest, .now - start)
            #expect(await eventually { await server.requests(key).first?.isClosed == true })
            #expect(await server.requests(key).count == 1)
        }
        #expect(fastest < .milliseconds(50))
    }

    @Test func aTaskThatIsCancelledAlreadySendsNothing() async throws {
        let client = HTTPClient()
        let key = freshKey()
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await client.send(HTTPRequest(.post, server.url("\(key)/echo")))
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(await server.requests(key).isEmpty)
    }

    @Test func aCancellationAtAnyMomentEndsTheCallAndHarmsNoOther() async throws {
        let client = HTTPClient()
        let url = server.url("\(freshKey())/delay?seconds=0.002")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for round in 0..<200 {
                group.addTask {
                    let task = Task { try await client.send(HTTPRequest(.get, url)) }
                    if round % 2 == 0 {
                        try await Task.sleep(for: .microseconds(Int.random(in: 0...4000)))
                        task.cancel()
                        do { _ = try await task.value } catch is CancellationError {}
                    } else {
                        #expect(try await task.value.status == 200)
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await client.send(HTTPRequest(.get, url)).status == 200)
    }

    @Test func aPauseBeforeTheNextAttemptCanBeCancelled() async throws {
        let client = HTTPClient()
        let key = freshKey()
        var request = HTTPRequest(.get, server.url("\(key)/status?code=503&retry=5"))
        request.retries = .reads
        let task = Task { [request] in try await client.send(request) }
        #expect(await eventually { await server.requests(key).count == 1 })
        try await Task.sleep(for: .milliseconds(50))
        let start = ContinuousClock.now
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(.now - start < .seconds(4.5))
        #expect(await server.requests(key).count == 1)
    }

    @Test func closingFailsWhatIsUnderWayAndClosesEveryConnection() async throws {
        let server = await HTTPServer.launch()
        let client = HTTPClient()
        _ = try await client.send(HTTPRequest(.get, server.url("kept/echo")))
        async let first = failure { try await client.send(HTTPRequest(.post, server.url("first/hang"))) }
        async let second = failure { try await client.send(HTTPRequest(.get, server.url("second/stall"))) }
        #expect(await eventually { await server.requests("first").count == 1 })
        #expect(await eventually { await server.requests("second").count == 1 })
        await client.close()
        #expect(await first == HTTPError(.interrupted, host: "localhost", mayHaveArrived: true))
        #expect(await second == HTTPError(.interrupted, host: "localhost", mayHaveArrived: true))
        #expect(await eventually { await server.connections(.http).open == 0 })
        await client.close()

        #expect(try await client.send(HTTPRequest(.get, server.url("again/echo"))).status == 200)
        await client.close()
        #expect(await eventually { await server.connections(.http).open == 0 })
    }

    @Test func aClientThatNobodyHoldsClosesItsConnections() async throws {
        let server = await HTTPServer.launch()
        _ = try await HTTPClient().send(HTTPRequest(.get, server.url("k/echo")))
        #expect(await eventually { await server.connections(.http).open == 0 })
    }
}
