import Foundation
import JSON
import TestSupport

@testable import AtlasCore

/// One of `Tests/Doubles` as a program of its own, which a test gives orders by HTTP.
final class DoubleProgram: Sendable {
    /// What it said of itself: its URL, its credentials.
    let said: JSON
    let url: String
    private let process: LineProcess
    private let http = HTTPClient()

    struct Entry: Sendable {
        let method: String
        let path: String
        let query: [String: String]
        let form: [String: String]
        let acted: Bool
        let status: Int?

        init(_ json: JSON) {
            func pairs(_ name: String) -> [String: String] {
                Dictionary(
                    (json[name]?.items ?? []).map { ($0[0]?.text ?? "", $0[1]?.text ?? "") },
                    uniquingKeysWith: { first, _ in first })
            }
            method = json["method"]?.text ?? ""
            path = json["path"]?.text ?? ""
            query = pairs("query")
            form = pairs("form")
            acted = json["acted"]?.flag ?? false
            status = json["status"]?.integer
        }
    }

    static func launch(_ name: String, _ options: [String] = []) async throws -> DoubleProgram {
        try await TestDatabase.workers.run { try DoubleProgram(name, options) }
    }

    private init(_ name: String, _ options: [String]) throws {
        var folder = URL(fileURLWithPath: #filePath)
        while folder.lastPathComponent != "Tests" { folder.deleteLastPathComponent() }
        // Some of them check what they are given by packages that the tests have an environment for.
        let own = folder.deletingLastPathComponent().path + "/.venv/bin/python"
        let python = FileManager.default.isExecutableFile(atPath: own) ? own : "python3"
        process = LineProcess("/usr/bin/env", [python, "-B", folder.path + "/Doubles/\(name).py"] + options)
        said = try JSON(parsing: process.line())
        guard let url = said["url"]?.text else { throw AtlasError(.internal, "the double \(name) did not start") }
        self.url = url
    }

    subscript(name: String) -> String { said[name]?.text ?? "" }

    @discardableResult
    func order(_ name: String, _ order: JSON = [:]) async throws -> JSON {
        let response = try await http.send(HTTPRequest(.post, "\(url)/_control/\(name)", body: .json(order)))
        guard response.isSuccess, let json = response.json else {
            throw AtlasError(.internal, "the double refused \(name): \(String(decoding: response.body, as: UTF8.self))")
        }
        return json
    }

    /// What arrived, in this order.
    func journal(_ method: String? = nil, _ path: String = "") async throws -> [Entry] {
        let response = try await http.send(HTTPRequest(.get, "\(url)/_control/journal"))
        return (response.json?.items ?? []).map(Entry.init)
            .filter { (method == nil || $0.method == method) && (path.isEmpty || $0.path.contains(path)) }
    }
}

/// The error that `body` throws, of the type that is expected.
func thrown<Failure: Error, Result>(_ type: Failure.Type, _ body: () async throws -> Result) async -> Failure? {
    do {
        _ = try await body()
        return nil
    } catch let error as Failure {
        return error
    } catch {
        return nil
    }
}
