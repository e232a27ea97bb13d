import Foundation
import TestSupport
import Testing

@testable import AtlasCore

@Suite struct HTTPSecurityTests {
    let server: HTTPServer
    init() async { server = await HTTPServer.shared() }

    @Test(arguments: ["localhost", "127.0.0.1", "[::1]"])
    func anAuthorityOfOnesOwnIsTrustedBesideTheSystems(host: String) async throws {
        let client = HTTPClient(caFile: server.authority)
        let url = server.url("\(freshKey())/echo", .https, host: host)
        if host == "[::1]" {
            // The server listens on IPv4 only: the name is right, but nobody is there.
            #expect(await failure { try await client.send(HTTPRequest(.get, url)) }?.kind == .unreachable)
        } else {
            #expect(try await client.send(HTTPRequest(.get, url)).status == 200)
        }
    }

    @Test(arguments: [
        HTTPServer.Listener.https, .wrongName, .selfSigned, .expired, .old,
    ])
    func whoCannotProveWhoTheyAreGetsNothing(listener: HTTPServer.Listener) async throws {
        // Good papers, but from an authority that we do not know.
        let client = listener == .https ? HTTPClient() : HTTPClient(caFile: server.authority)
        let key = freshKey()
        var request = HTTPRequest(.post, server.url("\(key)/echo", listener), body: .form([("a", "b")]))
        request.retries = .reads
        let error = await failure { [request] in try await client.send(request) }
        #expect(error == HTTPError(.tls, host: "localhost", mayHaveArrived: false))
        #expect(await server.requests(key).isEmpty)
    }

    @Test func bothTheSystemsAuthoritiesAndOursAreInOneFile() throws {
        let system = try CertificateAuthorities(addedFile: nil)
        let both = try CertificateAuthorities(addedFile: server.authority)
        func certificates(_ authorities: CertificateAuthorities) throws -> Int? {
            switch authorities.source {
            case .library: nil
            case .file(let path):
                try String(contentsOfFile: path, encoding: .utf8).split(separator: "BEGIN CERTIFICATE").count - 1
            case .octets(let octets):
                String(decoding: octets, as: UTF8.self).split(separator: "BEGIN CERTIFICATE").count - 1
            }
        }
        #if os(Linux)
            let count = try #require(try certificates(system))
            #expect(count > 50)
            #expect(try certificates(both) == count + 1)
        #endif
    }

    @Test(arguments: ["/nonexistent.pem", "/tmp", "/etc/hostname", ""])
    func aFileWithoutAuthoritiesIsToldAndNothingIsSent(path: String) async throws {
        let client = HTTPClient(caFile: path)
        let error = await failure { try await client.send(HTTPRequest(.post, server.url("k/echo", .https))) }
        #expect(error == HTTPError(.authorities, host: "localhost", mayHaveArrived: false))
    }

    /// Reading the system's authorities takes 16 ms; a connection without that takes one or two.
    @Test(.enabled(if: FileManager.default.isReadableFile(atPath: "/etc/ssl/certs/ca-certificates.crt")))
    func authoritiesAreReadOnceForManyConnections() async throws {
        let server = await HTTPServer.launch()
        let client = HTTPClient(caFile: server.authority)
        var times: [Duration] = []
        // As many as it takes on a busy machine.
        for _ in 0..<60 where times.dropFirst().min() ?? .seconds(1) >= .milliseconds(8) {
            let start = ContinuousClock.now
            // A write makes a connection of its own.
            let response = try await client.send(HTTPRequest(.post, server.url("\(freshKey())/echo", .https)))
            #expect(response.status == 200)
            times.append(.now - start)
        }
        #expect(times.dropFirst().min() ?? .seconds(1) < .milliseconds(8), "\(times)")
    }

    #if compiler(>=6.2)
        /// In a process of its own, because the environment belongs to all.
        @Test func theProxyOfTheEnvironmentIsNotForThisMachine() async throws {
            await #expect(processExitsWith: .success) {
                // Nobody listens on the port for discarding.
                for name in ["http_proxy", "https_proxy", "all_proxy", "HTTPS_PROXY"] {
                    setenv(name, "http://127.0.0.1:9", 1)
                }
                let server = await HTTPServer.launch()
                let client = HTTPClient(caFile: server.authority)
                for listener in [HTTPServer.Listener.http, .https] {
                    let response = try await client.send(HTTPRequest(.get, server.url("k/echo", listener)))
                    precondition(response.status == 200)
                }
                do {
                    _ = try await client.send(HTTPRequest(.post, "https://atlas-test.invalid/"))
                    fatalError("an answer from nowhere")
                } catch let error as HTTPError {
                    precondition(
                        error == HTTPError(.unreachable, host: "atlas-test.invalid", mayHaveArrived: false), "\(error)")
                }
                await server.stop()
            }
        }
    #endif
}
