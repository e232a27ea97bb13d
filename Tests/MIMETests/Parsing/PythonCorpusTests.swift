import Foundation
import JSON
import MIME
import Testing

/// Python's own test messages, read by its email package and by ours.
@Suite("CPython's corpus")
struct PythonCorpusTests {
    /// Where Debian's libpython3.x-testsuite and others put it.
    static let folder: String? = {
        let libraries = [
            "/usr/lib", "/usr/local/lib", "/opt/homebrew/Frameworks/Python.framework/Versions/Current/lib",
        ]
        for library in libraries {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: library)) ?? []
            for name in names.sorted() where name.hasPrefix("python3") {
                let folder = "\(library)/\(name)/test/test_email/data"
                if FileManager.default.fileExists(atPath: folder) { return folder }
            }
        }
        return nil
    }()

    /// The files as octets, by their names.
    static let files: [String: [UInt8]] = {
        guard let folder else { return [:] }
        var files: [String: [UInt8]] = [:]
        for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] where name.hasSuffix(".txt") {
            files[name] = FileManager.default.contents(atPath: "\(folder)/\(name)").map { Array($0) }
        }
        return files
    }()

    /// What Python reads otherwise, and why ours is right. `file field`.
    static let differences: [String: String] = [
        "msg_05.txt from": "`foo` is no address: Python gives every word one",
        "msg_05.txt to": "`baz` is no address",
        "msg_15.txt to": "`XX` is no address",
        "msg_15.txt parts":
            "a multipart in a multipart has taken the same boundary: the first end is the inner one's, and nothing is lost",
        "msg_15.txt texts": "as its parts",
        "msg_27.txt subject": "Python leaves the line ends of folds in",
        "msg_36.txt to": "`;` is no address: Python makes an empty one of it",
        "msg_39.txt parts": "three multiparts have the boundary of the one that they are in, as in msg_15",
        "msg_39.txt texts": "as its parts",
        "msg_43.txt from": "`<>` is no address",
    ]

    @Test("Ours reads it as Python's email does, but for what is listed")
    func differential() throws {
        guard let folder = Self.folder else {
            if ProcessInfo.processInfo.environment["CI"] != nil {
                Issue.record("CPython's test messages are missing: script/bootstrap --test installs them")
            } else {
                FileHandle.standardError.write(Data("CPython's test messages are not here: nothing is compared\n".utf8))
            }
            return
        }
        let reference = try Self.reference(folder)
        #expect(reference.members.count >= 40)
        var unused = Set(Self.differences.keys)
        for member in reference.members {
            let octets = try #require(Self.files[member.name])
            let ours = Self.summary(MailMessage(parsing: octets))
            for (field, value) in ours {
                guard let theirs = member.value[field], theirs != value else { continue }
                let place = "\(member.name) \(field)"
                if Self.differences[place] != nil { unused.remove(place); continue }
                Issue.record("\(place)\n  Python: \(theirs)\n  ours:   \(value)")
            }
        }
        #expect(unused.isEmpty, "listed as a difference, and none")
    }

    private static func reference(_ folder: String) throws -> JSON.Object {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        process.arguments = [repository.appending(path: "Tests/Fixtures/mail/reference.py").path, folder]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return try #require(try JSON(parsing: data).object)
    }

    /// The same as the reference prints.
    private static func summary(_ mail: MailMessage) -> [(String, JSON)] {
        func mailboxes(_ name: String) -> JSON {
            .array(mail.header.addresses(name).map { [.string($0.name ?? ""), .string($0.address)] })
        }
        let parts = mail.root.allParts
        var texts: [(String, JSON)] = []
        for part in parts where part.contentType.type == "text" {
            texts.append((part.section, .string(part.decodedText().text)))
        }
        return [
            ("subject", mail.header.subject.map { .string($0) } ?? .null), ("from", mailboxes("From")),
            ("to", mailboxes("To")),
            ("date", mail.header.date.map { .number($0.timeIntervalSince1970) } ?? .null),
            (
                "parts",
                .array(
                    parts.map { part in
                        [
                            .string(part.section), .string(part.contentType.mediaType),
                            part.filename.map { .string($0) } ?? .null,
                        ]
                    })
            ),
            ("texts", .object(JSON.Object(members: texts.map { JSON.Object.Member(name: $0.0, value: $0.1) }))),
        ]
    }
}
