import Foundation
import TestSupport
import Testing

@testable import AtlasCore

@Suite struct HTTPDownloadTests {
    let server: HTTPServer
    let client = HTTPClient()
    init() async { server = await HTTPServer.shared() }

    private func files(in folder: String) -> [String]? { try? FileManager.default.contentsOfDirectory(atPath: folder) }

    @Test(arguments: ["large?size=20000000", "large?size=3000000&chunked=1", "large?size=0"])
    func aBodyGoesToANewFileOfTheUserAlone(answer: String) async throws {
        try await withFolder { folder in
            let path = folder + "/call.wav"
            var request = HTTPRequest(.get, server.url("\(freshKey())/\(answer)"))
            request.largestBody = 20_000_000
            let response = try await client.download(request, to: path)
            #expect(response.status == 200 && response.body.isEmpty)
            let octets = try Data(contentsOf: URL(fileURLWithPath: path))
            let size = Int(answer.drop { $0 != "=" }.dropFirst().prefix { $0.isNumber }) ?? -1
            let cycle = Data(0..<251)
            let expected = (0...size / 251).reduce(into: Data(capacity: size + 251)) { data, _ in data.append(cycle) }
            #expect(octets == expected.prefix(size))
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            #expect(mode == 0o600)
        }
    }

    @Test(arguments: [404, 500, 302])
    func anAnswerThatIsNoneOfSuccessIsKeptInMemory(status: Int) async throws {
        try await withFolder { folder in
            let request = HTTPRequest(.get, server.url("\(freshKey())/status?code=\(status)&body=words"))
            let response = try await client.download(request, to: folder + "/file")
            #expect(response.status == status && response.text == "words")
            #expect(files(in: folder) == [])
        }
    }

    @Test(arguments: [
        ("half", HTTPError.Kind.interrupted), ("endless", .tooLarge), ("bomb?megabytes=8", .tooLarge),
        ("stall", .timeout),
    ])
    func aFailureLeavesNoFile(answer: String, kind: HTTPError.Kind) async throws {
        try await withFolder { folder in
            var request = HTTPRequest(.get, server.url("\(freshKey())/\(answer)"))
            request.timeout = answer == "stall" ? .milliseconds(200) : .seconds(60)
            request.largestBody = 1_000_000
            let error = await failure { [request] in try await client.download(request, to: folder + "/file") }
            #expect(error == HTTPError(kind, host: "localhost", mayHaveArrived: true))
            #expect(files(in: folder) == [])
        }
    }

    @Test func aCancelledDownloadLeavesNoFile() async throws {
        try await withFolder { folder in
            let key = freshKey()
            var request = HTTPRequest(.get, server.url("\(key)/endless"))
            request.largestBody = .max
            let task = Task { [request] in try await client.download(request, to: folder + "/file") }
            #expect(await eventually { await server.requests(key).count == 1 })
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(files(in: folder) == [])
        }
    }

    @Test func anAttemptThatFailedLeavesNothingInTheFile() async throws {
        try await withFolder { folder in
            let key = freshKey()
            var request = HTTPRequest(.get, server.url("\(key)/flaky-half?times=2"))
            request.retries = HTTPRetries(attempts: 3, firstPause: .milliseconds(1))
            _ = try await client.download(request, to: folder + "/file")
            #expect(try String(contentsOfFile: folder + "/file", encoding: .utf8) == "0123456789")
            #expect(await server.requests(key).count == 3)
        }
    }

    @Test func whatIsThereIsNotTouchedAndNothingIsSent() async throws {
        try await withFolder { folder in
            try Data("precious".utf8).write(to: URL(fileURLWithPath: folder + "/file"))
            try FileManager.default.createSymbolicLink(
                atPath: folder + "/link", withDestinationPath: folder + "/elsewhere")
            let key = freshKey()
            for path in ["/file", "/link", "/no/such/folder", ""] {
                let request = HTTPRequest(.get, server.url("\(key)/echo"))
                let error = await failure { try await client.download(request, to: folder + path) }
                #expect(error == HTTPError(.file, host: "localhost", mayHaveArrived: false))
            }
            #expect(await server.requests(key).isEmpty)
            #expect(try String(contentsOfFile: folder + "/file", encoding: .utf8) == "precious")
            #expect(!FileManager.default.fileExists(atPath: folder + "/elsewhere"))
        }
    }
}
