import Foundation
import TestSupport
import Testing

@testable import AtlasCore

struct LetterAttachmentTests {
    private func folders(_ folders: String, largest: Int = 1 << 20) -> AttachmentFolders {
        AttachmentFolders(Configuration(["ATLAS_EMAIL_ATTACHMENT_WHITELIST_DIRS": folders]), largest: largest)
    }

    @Test("Files of the folders are attached, with their names and types")
    func attached() throws {
        let (a, b) = (try TemporaryFolder(), try TemporaryFolder())
        try a.write("Offer 1.PDF", "%PDF")
        try b.write("deep/er/list.csv", "a,b")
        try b.write("empty", "")
        let attached = try folders("\(a.path), \(b.path)/").read([
            a.path + "/Offer 1.PDF", "deep/er/list.csv", b.path + "/deep/../empty",
        ])
        #expect(attached.map(\.filename) == ["Offer 1.PDF", "list.csv", "empty"])
        #expect(attached.map(\.contentType) == ["application/pdf", "text/csv", "application/octet-stream"])
        #expect(attached.map { String(decoding: $0.octets, as: UTF8.self) } == ["%PDF", "a,b", ""])
    }

    @Test("Nothing outside of them can be reached, by no link and no step up")
    func outside() async throws {
        let (a, out) = (try TemporaryFolder(), try TemporaryFolder())
        let secret = try out.write("secret.txt")
        try a.write("ok.txt")
        try a.write(".hidden/x.txt")
        try a.write(".env")
        try a.link("link.txt", to: secret)
        try a.link("folder", to: out.path)
        try out.link("back", to: a.path)
        let lent = folders(a.path)
        for path in [
            secret, "/etc/passwd", a.path + "/link.txt", "link.txt", a.path + "/folder/secret.txt", "folder/secret.txt",
            "../\((out.path as NSString).lastPathComponent)/secret.txt", a.path + "/../../etc/passwd",
            "/etc/nothing-here", a.path + "x/ok.txt", ".env", a.path + "/.hidden/x.txt",
        ] {
            #expect(await refusal { try lent.read([path]) } == "permission_denied attachments", "\(path)")
        }
        // A link is fine when it ends inside.
        #expect(try lent.read([out.path + "/back/ok.txt"]).count == 1)
        #expect(await refusal { try lent.read([a.path + "/nothing.txt"]) } == "not_found attachments")
        #expect(await refusal { try lent.read([a.path]) } == "permission_denied attachments")
        #expect(await refusal { try lent.read(["ok.txt\u{0}"]) } == "not_found attachments")
        try a.write("sub/x.txt")
        #expect(await refusal { try lent.read(["sub"]) } == "invalid_argument attachments")
    }

    @Test("Only regular files, not too many, not too large")
    func limits() async throws {
        let a = try TemporaryFolder()
        try a.write("half", String(repeating: "a", count: 600))
        mkfifo(a.path + "/pipe", 0o600)
        let lent = folders(a.path, largest: 1000)
        #expect(await refusal { try lent.read(["pipe"]) } == "invalid_argument attachments")
        #expect(try lent.read(["half"]).count == 1)
        let told = await words { try lent.read(["half", "half"]) }
        #expect(told.contains("ATLAS_EMAIL_MAX_ATTACHMENT_SIZE_MB"))
        #expect(await refusal { try lent.read(Array(repeating: "half", count: 11)) } == "invalid_argument attachments")
        #expect((await words { try folders("").read(["half"]) }).contains("ATLAS_EMAIL_ATTACHMENT_WHITELIST_DIRS"))
        #expect(await refusal { try folders("/nothing-here").read(["half"]) } == "not_configured attachments")
    }

    @Test("A folder that is exchanged for a link between check and reading leads nowhere")
    func exchanged() throws {
        let (a, out) = (try TemporaryFolder(), try TemporaryFolder())
        try a.write("sub/file.txt", "mine")
        try out.write("file.txt", "secret")
        let lent = try #require(LentFolder(a.path))
        guard case .octets = lent.contents(of: ["sub", "file.txt"], limit: 100) else {
            Issue.record("the file cannot be read")
            return
        }
        try FileManager.default.removeItem(atPath: a.path + "/sub")
        try a.link("sub", to: out.path)
        for steps in [["sub", "file.txt"], ["..", "x"], ["."], []] {
            guard case .missing = lent.contents(of: steps, limit: 100) else {
                Issue.record("\(steps) leads out of the folder")
                continue
            }
        }
    }

    @Test("While a folder is exchanged again and again, nothing of the other side is ever read")
    func race() async throws {
        let (a, out) = (try TemporaryFolder(), try TemporaryFolder())
        try a.write("real/file.txt", "mine")
        try out.write("file.txt", "secret")
        let lent = folders(a.path)
        let stop = Shared(false)
        let swapper = Thread {
            while !stop.value {
                rename(a.path + "/real", a.path + "/other")
                symlink(out.path, a.path + "/real")
                unlink(a.path + "/real")
                rename(a.path + "/other", a.path + "/real")
            }
        }
        swapper.start()
        var (mine, refused) = (0, 0)
        let end = ContinuousClock.now + .milliseconds(700)
        while ContinuousClock.now < end {
            if let read = try? lent.read(["real/file.txt"]) {
                #expect(read.map { String(decoding: $0.octets, as: UTF8.self) } == ["mine"])
                mine += 1
            } else {
                refused += 1
            }
        }
        stop.update { $0 = true }
        #expect(mine > 0 && refused > 0)
    }

    @Test("Their names are in the history of what was sent")
    func recorded() async throws {
        let a = try TemporaryFolder()
        try a.write("Offer.pdf", "%PDF")
        let desk = try await MailDesk(["ATLAS_EMAIL_ATTACHMENT_WHITELIST_DIRS": a.path])
        try await desk.send { $0.attachments = ["Offer.pdf"] }
        #expect(desk.sender.sent.value[0].attachments.map(\.filename) == ["Offer.pdf"])
        #expect(try await desk.rows("attachments") == ["{Offer.pdf}"])
        #expect(
            await refusal { try await desk.send { $0.attachments = ["/etc/passwd"] } }
                == "permission_denied attachments")
        #expect(desk.sender.sent.value.count == 1)
    }
}

struct ProposalFolderTests {
    private func found(_ client: String, in folders: [TemporaryFolder], largest: Int = 1 << 20) throws -> String? {
        let setting = folders.map(\.path).joined(separator: ",")
        return try ProposalFolders(Configuration(["ATLAS_EMAIL_PROPOSALS_DIRS": setting]), largest: largest)
            .proposal(for: client)?.filename
    }

    @Test(
        "Case, accents, blanks and punctuation do not matter; whole words do",
        arguments: [
            ("Ann Lee", "ann_lee-2026.pdf", true), ("Ann Lee", "AnnLee.PDF", true),
            ("Ann Lee", "Proposal AnnLee 2.pdf", true),
            ("José García", "jose garcia.pdf", true), ("O'Neil & Sons", "ONeil-Sons.pdf", true),
            ("3M Corp.", "3M_Corp.pdf", true),
            ("McDonald", "mcdonald offer.pdf", true), ("Ann Lee", "Joann Leeds.pdf", false),
            ("Ann Lee", "Ann.pdf", false),
            ("Ann Lee", "ann lee.txt", false), ("A", "a.pdf", false), ("...", "....pdf", false), ("*", "x.pdf", false),
            ("../Ann Lee", "Ann Lee.pdf", true),
        ])
    func names(_ client: String, _ file: String, _ isFound: Bool) throws {
        let folder = try TemporaryFolder()
        try folder.write(file)
        #expect(try found(client, in: [folder]) == (isFound ? file : nil))
    }

    @Test("The newest wins, of all folders; links, hidden files and what is too deep are passed over")
    func newest() throws {
        let (a, b, out) = (try TemporaryFolder(), try TemporaryFolder(), try TemporaryFolder())
        try a.write("Ann Lee old.pdf", age: 3000)
        try b.write("x/y/Ann Lee new.pdf", age: 2000)
        #expect(try found("Ann Lee", in: [a, b]) == "Ann Lee new.pdf")
        let secret = try out.write("Ann Lee secret.pdf", age: 0)
        try a.link("Ann Lee link.pdf", to: secret)
        try b.link("folder", to: out.path)
        try a.write(".Ann Lee hidden.pdf", age: 10)
        try b.write("x/y/z/Ann Lee deep.pdf", age: 10)
        try FileManager.default.createDirectory(
            atPath: a.path + "/Ann Lee folder.pdf", withIntermediateDirectories: true)
        #expect(try found("Ann Lee", in: [a, b]) == "Ann Lee new.pdf")
        #expect(try found("Ann Lee", in: []) == nil)
    }

    @Test("One that is too large is an error, not a letter without it")
    func large() async throws {
        let a = try TemporaryFolder()
        try a.write("Ann Lee.pdf", String(repeating: "a", count: 2000))
        #expect(await refusal { try found("Ann Lee", in: [a], largest: 1000) } == "invalid_argument client_name")
    }
}
