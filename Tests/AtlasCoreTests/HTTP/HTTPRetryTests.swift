import Foundation
import TestSupport
import Testing

@testable import AtlasCore

@Suite struct HTTPRetryTests {
    let server: HTTPServer
    init() async { server = await HTTPServer.shared() }

    private func request(_ answer: String, _ key: String, attempts: Int = 3) -> HTTPRequest {
        var request = HTTPRequest(.get, server.url("\(key)/\(answer)"))
        request.retries = HTTPRetries(attempts: attempts, firstPause: .milliseconds(5))
        request.timeout = .seconds(60)
        return request
    }

    @Test(arguments: [429, 500, 502, 503, 504])
    func aReadIsRepeatedAfterAFailureThatMayPass(code: Int) async throws {
        let key = freshKey()
        #expect(try await HTTPClient().send(request("flaky?code=\(code)&times=2", key)).status == 200)
        #expect(await server.requests(key).count == 3)
    }

    @Test(arguments: [400, 401, 404, 409, 501])
    func whatWillNotPassIsNotRepeated(code: Int) async throws {
        let key = freshKey()
        #expect(try await HTTPClient().send(request("flaky?code=\(code)&times=2", key)).status == code)
        #expect(await server.requests(key).count == 1)
    }

    @Test(arguments: ["flaky-close?times=2", "flaky-half?times=2"])
    func aReadIsRepeatedAfterALostConnection(answer: String) async throws {
        let key = freshKey()
        let response = try await HTTPClient().send(request(answer, key))
        #expect(response.status == 200)
        if answer.hasPrefix("flaky-half") { #expect(response.text == "0123456789") }
        #expect(await server.requests(key).count == 3)
    }

    @Test func theLastAnswerIsGivenWhenAttemptsEnd() async throws {
        let key = freshKey()
        #expect(try await HTTPClient().send(request("status?code=503&body=sorry", key)).text == "sorry")
        #expect(await server.requests(key).count == 3)
    }

    @Test func withoutRetriesAReadIsSentOnce() async throws {
        let key = freshKey()
        var request = request("status?code=503", key)
        request.retries = .none
        #expect(try await HTTPClient().send(request).status == 503)
        #expect(await server.requests(key).count == 1)
    }

    @Test func theServersPauseIsKept() async throws {
        let key = freshKey()
        let start = ContinuousClock.now
        #expect(try await HTTPClient().send(request("flaky?code=429&times=1&retry=1", key)).status == 200)
        #expect(.now - start >= .seconds(1))
        #expect(await server.requests(key).count == 2)
    }

    @Test func aPauseLongerThanOurPatienceIsNotWaitedFor() async throws {
        let key = freshKey()
        let start = ContinuousClock.now
        let response = try await HTTPClient().send(request("status?code=503&retry=60", key))
        #expect(response.status == 503 && response.retryAfter == .seconds(60))
        #expect(.now - start < .seconds(60))
        #expect(await server.requests(key).count == 1)
    }

    @Test func theDeadlineCoversPausesToo() async throws {
        let key = freshKey()
        var request = request("status?code=503&retry=50", key)
        request.retries.longestPause = .seconds(60)
        request.timeout = .seconds(30)
        let start = ContinuousClock.now
        #expect(try await HTTPClient().send(request).status == 503)
        #expect(.now - start < .seconds(30))
        #expect(await server.requests(key).count == 1)
    }

    @Test func theDeadlineIsForAllAttemptsTogether() async throws {
        let key = freshKey()
        var request = request("hang", key)
        request.timeout = .milliseconds(300)
        let error = await failure { try await HTTPClient().send(request) }
        #expect(error == HTTPError(.timeout, host: "localhost", mayHaveArrived: true))
        #expect(await server.requests(key).count == 1)
    }

    @Test func pausesDoubleUpToTheLongestAndAreLeftToChance() {
        let retries = HTTPRetries(attempts: 100, firstPause: .milliseconds(200), longestPause: .seconds(3))
        let lost = Result<HTTPResponse, HTTPError>.failure(HTTPError(.interrupted, host: "", mayHaveArrived: true))
        func pause(_ attempt: Int, chance: Double = 1) -> Duration? {
            retries.pause(after: lost, attempt: attempt, chance: chance)
        }
        #expect((1...6).map { pause($0) } == [200, 400, 800, 1600, 3000, 3000].map { .milliseconds($0) })
        #expect(pause(90) == .seconds(3))
        #expect(pause(100) == nil)
        #expect(pause(3, chance: 0) == .zero)
        #expect(pause(3, chance: 0.5) == .milliseconds(400))
        for kind in [
            HTTPError.Kind.tls, .tooLarge, .malformedResponse, .file, .invalidURL, .insecure, .tooManyRedirects,
        ] {
            let failed = Result<HTTPResponse, HTTPError>.failure(HTTPError(kind, host: "", mayHaveArrived: false))
            #expect(retries.pause(after: failed, attempt: 1, chance: 1) == nil)
        }
    }

    @Test(arguments: [
        ("120", 120.0), ("0", 0), (" 7 ", 7), ("99999999999999999999999", 86_400),
        ("Sun, 06 Nov 1994 08:49:37 GMT", 37), ("Sunday, 06-Nov-94 08:49:37 GMT", 37),
        ("Sun Nov  6 08:49:37 1994", 37), ("Sun, 06 Nov 1994 08:48:00 GMT", 0),
        ("Fri, 06 Nov 2099 08:49:37 GMT", 86_400),
    ])
    func retryAfterIsSecondsOrADate(text: String, seconds: Double) {
        let response = HTTPResponse(status: 503, headers: [HTTPHeader("retry-after", text)])
        #expect(response.retryAfter(now: 784_111_740) == .seconds(seconds))
    }

    @Test(arguments: [
        "", "soon", "-1", "1.5", "1 s", "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:49:37 GMT",
        "Sun, 06 Nov 1994 08:49:37 CET", "Sun, 06 Nov 1994 08:49 GMT", "Sun, 06 Nov 199999 08:49:37 GMT", "٣",
        "Sun, 6 Nov 1994 08:-9:37 GMT", "Sun Nov 6 1994", String(repeating: "Sun, ", count: 10_000),
    ])
    func whatIsNoRetryAfterIsNone(text: String) {
        #expect(HTTPResponse(status: 503, headers: [HTTPHeader("Retry-After", text)]).retryAfter == nil)
    }

    @Test func datesAreReadAsFoundationWritesThem() {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(identifier: "GMT")
        for format in ["EEE, dd MMM yyyy HH:mm:ss 'GMT'", "EEEE, dd-MMM-yy HH:mm:ss 'GMT'", "EEE MMM d HH:mm:ss yyyy"] {
            formatter.dateFormat = format
            for _ in 0..<300 {
                let seconds = Int.random(in: 0..<3_150_000_000)
                let text = formatter.string(from: Date(timeIntervalSince1970: Double(seconds)))
                #expect(HTTPDate(text)?.secondsSince1970 == seconds, "\(text)")
            }
        }
    }
}
