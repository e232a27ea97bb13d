import AtlasCore
import Foundation
import JSON

/// A loopback HTTP server that remembers what it was asked and misbehaves on demand: `Tests/Fixtures/http`.
///
/// A path is `/KEY/ANSWER?…`: requests are remembered under the key, and each test takes one of its own.
public final class HTTPServer: Sendable {
    /// What it listens with, each on a port of its own.
    public enum Listener: String, Sendable {
        case http, https, wrongName, selfSigned, expired, old, http2, mute
    }

    /// What it remembers of a request.
    public struct Received: Sendable {
        public let method: String
        public let target: String
        public let headers: [HTTPHeader]
        public let body: [UInt8]
        /// The number of the connection that it came on.
        public let connection: Int
        /// Whether that connection has been closed since.
        public let isClosed: Bool

        public init?(_ record: JSON?) {
            guard let record, let method = record["method"]?.text, let target = record["target"]?.text,
                let headers = record["headers"]?.items,
                let body = record["body"]?.text.flatMap({ Data(base64Encoded: $0) }),
                let connection = record["connection"]?.integer
            else { return nil }
            self.method = method
            self.target = target
            self.headers = headers.map { HTTPHeader($0[0]?.text ?? "", $0[1]?.text ?? "") }
            self.body = Array(body)
            self.connection = connection
            isClosed = record["closed"]?.flag ?? false
        }

        public subscript(header name: String) -> String? {
            headers.first { $0.name.lowercased() == name.lowercased() }?.value
        }
        public var text: String { String(decoding: body, as: UTF8.self) }
    }

    /// One for the whole test process, started by the first who asks.
    public static func shared() async -> HTTPServer { await TestDatabase.workers.run { common } }
    private static let common = HTTPServer()

    /// One of its own, for a test that counts its connections or harms it. End it with ``stop()``, or forget it.
    public static func launch() async -> HTTPServer { await TestDatabase.workers.run { HTTPServer(like: common) } }

    /// The certificate of its own authority, a PEM file.
    public let authority: String
    private let ports: JSON
    private let process: LineProcess

    /// - Parameter model: whose certificates it takes; without one it makes its own.
    private init(like model: HTTPServer? = nil) {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().path
        let python = root + "/.venv/bin/python"
        guard FileManager.default.isExecutableFile(atPath: python) else {
            fatalError("no .venv: run script/bootstrap --test")
        }
        let papers = model.map { [URL(fileURLWithPath: $0.authority).deletingLastPathComponent().path] } ?? []
        process = LineProcess(
            python, [root + "/Tests/Fixtures/http/server.py"] + papers, environment: ["PYTHONDONTWRITEBYTECODE": "1"])
        let answer = try? JSON(parsing: process.line())
        guard let ports = answer?["ports"], let authority = answer?["authority"]?.text else {
            fatalError("the HTTP server for tests did not start")
        }
        self.ports = ports
        self.authority = authority
    }

    public func port(_ listener: Listener) -> Int { ports[listener.rawValue]?.integer ?? 0 }

    /// A URL of one of the listeners; `path` without its first slash.
    public func url(_ path: String, _ listener: Listener = .http, host: String = "localhost") -> String {
        let scheme = [.http, .mute].contains(listener) ? "http" : "https"
        return "\(scheme)://\(host):\(port(listener))/\(path)"
    }

    /// What arrived under `key`, in this order.
    public func requests(_ key: String) async -> [Received] {
        await ask("requests \(key)")?.items?.compactMap { Received($0) } ?? []
    }

    /// How many connections there were, and how many are open.
    public func connections(_ listener: Listener) async -> (opened: Int, open: Int) {
        let record = await ask("connections \(listener.rawValue)")
        return (record?["opened"]?.integer ?? -1, record?["open"]?.integer ?? -1)
    }

    /// Ends all connections of a listener without a word.
    public func drop(_ listener: Listener) async { _ = await ask("drop \(listener.rawValue)") }

    /// Ends it for good.
    public func stop() async { await TestDatabase.workers.run { process.end() } }

    private func ask(_ order: String) async -> JSON? {
        await TestDatabase.workers.run { try? JSON(parsing: process.ask(order)) }
    }
}
