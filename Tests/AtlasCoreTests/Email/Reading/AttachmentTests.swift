import Foundation
import MIME
import Testing

@testable import AtlasCore

@Suite("An attachment is read as text where it has one, else put aside")
struct AttachmentTests {
    private func file(_ name: String, _ type: String) -> AttachedFile {
        AttachedFile(section: "2", filename: name, contentType: type, size: 10)
    }

    @Test(
        "Text is what it says it is",
        arguments: [
            ("notes.txt", "text/plain", "Grüße", "Grüße"), ("a.csv", "text/csv", "a,b\r\n1,2\r\n", "a,b\r\n1,2\r\n"),
            ("a.csv", "application/octet-stream", "a;b", "a;b"),
            ("x.html", "text/html", "<p>Hi <b>you</b></p>", "Hi you"),
            ("x.json", "application/ld+json", "{}", "{}"),
        ])
    func text(name: String, type: String, octets: String, text: String) {
        let read = AttachmentText.read(file(name, type), Array(octets.utf8))
        #expect(read.text?.trimmed == text.trimmed && read.problem == nil)
    }

    @Test("What is no text is none, whatever it is called")
    func binary() {
        #expect(AttachmentText.read(file("a.txt", "text/plain"), [0x00, 0x01, 0x02]).text == nil)
        #expect(AttachmentText.read(file("a.png", "image/png"), Array("\u{89}PNG".utf8)).text == nil)
    }

    @Test("A file goes into a folder of its own that only the user can open, under a name that leads nowhere")
    func privateFile() async throws {
        let base = FileManager.default.temporaryDirectory.appending(path: "atlas-att-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: base) }
        let octets = (0..<100_000).map { UInt8(truncatingIfNeeded: $0) }
        let reader = ToldReader("imap", attachment: (file("../../etc/pass wd.bin", "application/x-thing"), octets))
        let reading = try await InboxKit.inbox([reader], attachments: "\(base)/attachments")
            .attachment("2", of: "i.1", mailbox: nil, offset: 0, limit: 100)
        let path = try #require(reading.path)
        #expect(reading.text == nil && reading.size == octets.count)
        #expect(path.hasPrefix("\(base)/attachments/") && !path.contains(".." + "/"))
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data(octets))
        let folder = try FileManager.default.attributesOfItem(atPath: "\(base)/attachments")
        #expect(folder[.posixPermissions] as? Int == 0o700)
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
    }

    @Test("A long text comes in pages")
    func pages() async throws {
        let reader = ToldReader(
            "imap", attachment: (file("a.txt", "text/plain"), Array(String(repeating: "x", count: 300).utf8)))
        let reading = try await InboxKit.inbox([reader]).attachment(
            "2", of: "i.1", mailbox: nil, offset: 100, limit: 100)
        #expect(reading.text?.count == 100 && reading.truncated && reading.nextOffset == 200 && reading.path == nil)
    }
}
