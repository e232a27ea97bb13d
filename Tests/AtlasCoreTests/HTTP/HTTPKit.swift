import Foundation
import JSON
import TestSupport
import Testing

@testable import AtlasCore

/// A key of its own for a test's requests.
func freshKey() -> String { "k\(UInt64.random(in: 0 ... .max))" }

/// The error that `body` throws.
func failure(_ body: () async throws -> HTTPResponse) async -> HTTPError? {
    do {
        let response = try await body()
        Issue.record("no failure, but \(response.status)")
    } catch let error as HTTPError {
        return error
    } catch {
        Issue.record("\(error) is no HTTPError")
    }
    return nil
}

/// Waits up to half a minute for what `isSo` asks about.
func eventually(_ isSo: () async throws -> Bool) async rethrows -> Bool {
    for _ in 0..<3000 {
        if try await isSo() { return true }
        try? await Task.sleep(for: .milliseconds(10))
    }
    return false
}

extension HTTPResponse {
    /// The request that an answer of `echo` tells of.
    var echoed: HTTPServer.Received? { HTTPServer.Received(json) }
    var text: String { String(decoding: body, as: UTF8.self) }
}

/// A folder of its own, gone after `body`.
func withFolder<R>(_ body: (String) async throws -> R) async throws -> R {
    let folder = FileManager.default.temporaryDirectory.path + "/atlas-http-test-\(freshKey())"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    return try await body(folder)
}
