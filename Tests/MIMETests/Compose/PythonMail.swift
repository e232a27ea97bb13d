import Foundation
import JSON
import Testing

/// What Python's `email` reads in messages.
struct PythonMail {
    let record: JSON

    /// Reads any number of messages in one process.
    static func reading(_ messages: [[UInt8]]) throws -> [PythonMail] {
        let file = FileManager.default.temporaryDirectory.appending(path: "atlas-mail-\(UUID()).txt")
        defer { try? FileManager.default.removeItem(at: file) }
        let lines = messages.map { Data($0).base64EncodedString() + "\n" }.joined()
        try Data(lines.utf8).write(to: file)

        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(
            path: "../../Fixtures/parse_mail.py")
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/python3")
        process.arguments = [script.standardized.path, file.path]
        process.standardOutput = output
        try process.run()
        let said = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return try said.split(separator: UInt8(ascii: "\n")).map { PythonMail(record: try JSON(parsing: Array($0))) }
    }

    func text(_ name: String) -> String { record[name]?.text ?? "" }
    func texts(_ name: String) -> [String] { record[name]?.items?.compactMap(\.text) ?? [] }

    /// Name and address of each mailbox of a field.
    func mailboxes(_ field: String) -> [[String]] {
        record[field]?.items?.map { [$0[0]?.text ?? "", $0[1]?.text ?? ""] } ?? []
    }

    var attachments: [Part] { record["attachments"]?.items?.map(Part.init) ?? [] }
    var plain: Part? { record["text"].map(Part.init) }
    var html: Part? { record["html"].flatMap { $0["type"] == nil ? nil : Part(record: $0) } }

    struct Part {
        let record: JSON

        func text(_ name: String) -> String? { record[name]?.text }
        var octets: [UInt8] { Array(Data(base64Encoded: record["content"]?.text ?? "") ?? Data()) }
        var content: String { String(decoding: octets, as: UTF8.self) }
    }
}
