import Foundation
import JSON
import TestSupport
import Testing

@testable import AtlasCore

@Suite struct HTTPRequestTests {
    let server: HTTPServer
    init() async { server = await HTTPServer.shared() }
    let client = HTTPClient()

    private func echo(_ request: HTTPRequest) async throws -> HTTPServer.Received {
        let response = try await client.send(request)
        #expect(response.status == 200)
        return try #require(response.echoed)
    }

    @Test(arguments: [HTTPRequest.Method.get, .post, .put, .patch, .delete])
    func theMethodAndTheTargetArriveAsWritten(method: HTTPRequest.Method) async throws {
        let key = freshKey()
        let received = try await echo(HTTPRequest(method, server.url("\(key)/echo?a=1&b=%20c&a=2#fragment")))
        #expect(received.method == method.rawValue)
        #expect(received.target == "/\(key)/echo?a=1&b=%20c&a=2")
        #expect(received.body.isEmpty)
        #expect(received[header: "User-Agent"] == "Atlas/\(atlasVersion)")
        #expect(received[header: "Host"] == "localhost:\(server.port(.http))")
        #expect(received[header: "Content-Type"] == nil)
        #expect(received[header: "Expect"] == nil)
        #expect(received[header: "Authorization"] == nil && received[header: "Cookie"] == nil)
        let sendsLength = [.post, .put, .patch].contains(method)
        #expect(received[header: "Content-Length"] == (sendsLength ? "0" : nil))
        #expect(await server.requests(key).count == 1)
    }

    @Test func aHeadHasHeadersAndNoBody() async throws {
        let response = try await client.send(HTTPRequest(.head, server.url("\(freshKey())/large?size=100000")))
        #expect(response.status == 200)
        #expect(response[header: "content-length"] == "100000")
        #expect(response.body.isEmpty)
        var bounded = HTTPRequest(.head, server.url("\(freshKey())/large?size=100000"))
        bounded.largestBody = 10
        #expect(try await client.send(bounded).status == 200)
    }

    @Test(arguments: [HTTPRequest.Method.post, .put, .patch, .delete, .get])
    func octetsArriveWhole(method: HTTPRequest.Method) async throws {
        let octets = Array(repeatElement([UInt8](0...255), count: method == .post ? 6000 : 100).joined())
        let key = freshKey()
        let received = try await echoOfLarge(
            HTTPRequest(method, server.url("\(key)/status?code=204"), body: .octets(octets, type: "audio/wav")), key)
        #expect(received.method == method.rawValue)
        #expect(received.body == octets)
        #expect(received[header: "Content-Type"] == "audio/wav")
        #expect(received[header: "Content-Length"] == String(octets.count))
        #expect(received[header: "Expect"] == nil)
    }

    private func echoOfLarge(_ request: HTTPRequest, _ key: String) async throws -> HTTPServer.Received {
        #expect(try await client.send(request).status == 204)
        return try #require(await server.requests(key).last)
    }

    @Test func aFormArrivesInOrderWithRepeatedNames() async throws {
        let received = try await echo(
            HTTPRequest(
                .post, server.url("\(freshKey())/echo"),
                body: .form([
                    ("To", "+15551234567"), ("Body", "a b&c=d ü"), ("StatusCallbackEvent", "x"),
                    ("StatusCallbackEvent", "y"), ("", ""),
                ])))
        #expect(received[header: "Content-Type"] == "application/x-www-form-urlencoded")
        #expect(
            received.text
                == "To=%2B15551234567&Body=a+b%26c%3Dd+%C3%BC&StatusCallbackEvent=x&StatusCallbackEvent=y&=")
    }

    @Test func jsonArrivesAsJSON() async throws {
        let value: JSON = ["name": "Grüße\n", "items": [1, 2.5, nil, true]]
        let received = try await echo(HTTPRequest(.post, server.url("\(freshKey())/echo"), body: .json(value)))
        #expect(received[header: "Content-Type"] == "application/json")
        #expect(try JSON(parsing: received.body) == value)
    }

    @Test func partsArriveWithTheirNamesTypesAndFiles() async throws {
        try await withFolder { folder in
            let recording = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
            try Data(recording).write(to: URL(fileURLWithPath: folder + "/call.wav"))
            let key = freshKey()
            let request = HTTPRequest(
                .post, server.url("\(key)/status?code=204"),
                body: .multipart([
                    .init("model", "whisper-1"),
                    .init(
                        "file", filename: "ca\"ll\r\nü.wav", type: "audio/wav",
                        content: .file(path: folder + "/call.wav")),
                    .init("note", filename: "n.txt", type: "text/plain", content: .octets(Array("two\r\nlines".utf8))),
                ]))
            #expect(try await client.send(request).status == 204)
            let received = try #require(await server.requests(key).last)
            let type = try #require(received[header: "Content-Type"])
            #expect(type.hasPrefix("multipart/form-data; boundary="))
            let boundary = type.dropFirst("multipart/form-data; boundary=".count)
            let expected =
                Array(
                    "--\(boundary)\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nwhisper-1\r\n--\(boundary)\r\n"
                        .utf8)
                + Array("Content-Disposition: form-data; name=\"file\"; filename=\"ca%22ll%0D%0Aü.wav\"\r\n".utf8)
                + Array("Content-Type: audio/wav\r\n\r\n".utf8) + recording + Array("\r\n--\(boundary)\r\n".utf8)
                + Array("Content-Disposition: form-data; name=\"note\"; filename=\"n.txt\"\r\n".utf8)
                + Array("Content-Type: text/plain\r\n\r\ntwo\r\nlines\r\n--\(boundary)--\r\n".utf8)
            #expect(received.body == expected)
            #expect(received[header: "Content-Length"] == String(expected.count))
        }
    }

    @Test(arguments: ["/nonexistent/call.wav", "/tmp", "/dev/zero"])
    func aFileThatCannotBeReadIsToldBeforeAnythingIsSent(path: String) async throws {
        let key = freshKey()
        let error = await failure {
            try await client.send(
                HTTPRequest(
                    .post, server.url("\(key)/echo"),
                    body: .multipart([.init("file", filename: "a", type: "audio/wav", content: .file(path: path))])))
        }
        #expect(error == HTTPError(.file, host: "localhost", mayHaveArrived: false))
        #expect(await server.requests(key).isEmpty)
    }

    @Test func ownHeadersArriveAndReplaceOurs() async throws {
        var request = HTTPRequest(.post, server.url("\(freshKey())/echo"), body: .octets([1], type: "a/b"))
        request.headers = [
            HTTPHeader("X-Key", "a: b; \"c\" grün"), HTTPHeader("X-Key", "second"), HTTPHeader("X-Empty", ""),
            HTTPHeader("User-Agent", "other"), HTTPHeader("content-type", "c/d"), HTTPHeader("Accept", "text/plain"),
        ]
        let received = try await echo(request)
        let keys = received.headers.filter { $0.name == "X-Key" }.map(\.value)
        #expect(keys == ["a: b; \"c\" grÃ¼n", "second"])  // The server reads Latin-1.
        #expect(received[header: "X-Empty"] == "")
        #expect(received[header: "User-Agent"] == "other")
        #expect(received.headers.filter { $0.name.lowercased() == "content-type" }.map(\.value) == ["c/d"])
        #expect(received.headers.filter { $0.name.lowercased() == "accept" }.map(\.value) == ["text/plain"])
    }

    @Test func credentialsArrive() async throws {
        var request = HTTPRequest(.get, server.url("\(freshKey())/echo"))
        request.authorization = .basic(user: "AC1", password: "pä:ss")
        #expect(
            try await echo(request)[header: "Authorization"] == "Basic " + Data("AC1:pä:ss".utf8).base64EncodedString())
        request.authorization = .bearer("abc.def-_~+/=")
        #expect(try await echo(request)[header: "Authorization"] == "Bearer abc.def-_~+/=")
        request.authorization = nil
        #expect(try await echo(request)[header: "Authorization"] == nil)
    }

    @Test func repeatedFoldedAndInterimFieldsAreReadRight() async throws {
        let response = try await client.send(HTTPRequest(.get, server.url("\(freshKey())/fields")))
        #expect(response.headers.filter { $0.name.lowercased() == "x-twice" }.map(\.value) == ["one", "two"])
        #expect(response[header: "x-folded"] == "first second")
        #expect(response[header: "x-empty"] == "")
        #expect(response[header: "x-blanks"] == "padded")
        #expect(response[header: "x-utf8"] == "grüße")
        #expect(response[header: "x-early"] == nil && response[header: "x-trailer"] == nil)
        #expect(response.text == "hello")
    }

    @Test func packedBodiesAreUnpacked() async throws {
        let response = try await client.send(HTTPRequest(.get, server.url("\(freshKey())/packed")))
        #expect(response.text == String(repeating: "hello ", count: 100))
    }

    @Test(arguments: [200, 204, 301, 400, 401, 404, 429, 500, 503])
    func everyStatusIsAnAnswer(status: Int) async throws {
        var request = HTTPRequest(
            .get, server.url("\(freshKey())/status?code=\(status)&body=\(status == 204 ? "" : "words")"))
        request.authorization = .basic(user: "a", password: "b")
        let response = try await client.send(request)
        #expect(response.status == status)
        #expect(response.isSuccess == (status < 300))
        #expect(response.text == (status == 204 ? "" : "words"))
    }
}
