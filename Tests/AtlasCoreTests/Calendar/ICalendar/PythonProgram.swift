import Foundation
import JSON
import TestSupport

@testable import AtlasCore

/// A script of `Tests/Fixtures` run to its end by the Python of the tests, and the lines of JSON that it prints.
enum PythonProgram {
    static func run(_ script: String, _ arguments: [String] = [], input: String = "") async throws -> [JSON] {
        try await TestDatabase.workers.run { try runNow(script, arguments, input) }
    }

    private static func runNow(_ script: String, _ arguments: [String], _ input: String) throws -> [JSON] {
        var root = URL(fileURLWithPath: #filePath)
        while root.lastPathComponent != "Tests" { root.deleteLastPathComponent() }
        let process = Process()
        let output = Pipe()
        let file = FileManager.default.temporaryDirectory.appending(path: "atlas-python-\(UUID()).txt")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(input.utf8).write(to: file)
        process.executableURL = root.deletingLastPathComponent().appending(path: ".venv/bin/python")
        process.arguments = ["-B", root.appending(path: "Fixtures/\(script)").path] + arguments
        process.standardInput = try FileHandle(forReadingFrom: file)
        process.standardOutput = output
        try process.run()
        let said = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw AtlasError(.internal, "\(script) ended with \(process.terminationStatus)")
        }
        return try said.split(separator: UInt8(ascii: "\n")).map { try JSON(parsing: Array($0)) }
    }
}
