import Foundation
import MIME
import Testing

@Suite("Messages that are made to harm")
struct LimitTests {
    @Test("Parts in parts in parts come to an end", arguments: [40, 2000, 20_000])
    func depth(levels: Int) {
        var text = ""
        for level in 0..<levels { text += "Content-Type: multipart/mixed; boundary=b\(level)\n\n--b\(level)\n" }
        let mail = message(text + "\ninnermost")
        #expect(mail.root.allParts.count <= 40)
        #expect(mail.problems.contains { $0.contains("32 deep") })
        let messages = message(String(repeating: "Content-Type: message/rfc822\n\n", count: levels))
        #expect(messages.root.allParts.count == 33)
        #expect(messages.problems.contains { $0.contains("32 deep") })
    }

    @Test("More than a thousand parts are not listed")
    func parts() {
        let mail = message(
            "Content-Type: multipart/mixed; boundary=x\n\n" + String(repeating: "--x\n\n", count: 100_000))
        #expect(mail.root.allParts.count == 1000)
        #expect(mail.problems.contains { $0.contains("1000 parts") })
    }

    @Test("More than a thousand fields are not kept, and none that is longer than it may be")
    func fields() {
        let mail = message(String(repeating: "X: y\n", count: 200_000) + "\nbody")
        #expect(mail.header.fields.count == 1000)
        #expect(mail.problems.contains { $0.contains("1000 header fields") })
        #expect(mail.text("1") == "body")
        let long = message("Subject: " + String(repeating: "a\n ", count: 1_000_000) + "\n\nbody")
        #expect((long.header.subject?.utf8.count ?? 0) <= 64 << 10)
        #expect(long.problems.contains { $0.contains("cut") })
        #expect(long.text("1") == "body")
    }

    @Test("Problems do not grow with the message")
    func problems() {
        let part = "--x\nContent-Type: multipart/mixed\n\ntext\n"
        let mail = message("Content-Type: multipart/mixed; boundary=x\n\n" + String(repeating: part, count: 900))
        #expect(mail.root.allParts.count == 901)
        #expect(mail.problems.count <= 20)
    }

    @Test(
        "Fields that open and never close take no longer than others",
        arguments: [
            "(", "\"", "<", "[", "a:", "a:(", "=?a?q?", "=?utf-8?b?x ", "\\", "@", "a@", "<@a,", "a@b ", "(\\", "\"\\",
            "a*0*=", ";x", "=?=?",
        ])
    func openings(_ piece: String) {
        let value = String(repeating: piece, count: 100_000 / piece.utf8.count)
        let clock = ContinuousClock()
        let took = clock.measure {
            let header = header("To: \(value)\nSubject: \(value)\nReferences: \(value)\nDate: \(value)\n")
            _ = header.addresses("To")
            _ = header.subject
            _ = header.references
            _ = header.date
            #expect(MailAddress.list(parsing: value).count <= 2000)
            _ = ContentType(parsing: Array(value.utf8))
            _ = ContentType(parsing: Array(("text/plain; " + value).utf8))
            _ = ContentDisposition(parsing: Array(("attachment; filename=" + value).utf8))
            _ = message("Content-Type: multipart/mixed; boundary=\"\(value)\"\n\n\(value)\n--\(value)")
        }
        #expect(took < .seconds(60), "it grows faster than what it reads")
    }

    @Test(
        "Line ends of CR alone take no longer than others",
        arguments: ["X: y\r", "X: y\r\r", "--x\r\r\r", " \r", "\rX: y\r --x", "\n\r", "-\r"])
    func carriageReturns(_ piece: String) {
        let head = "Content-Type: multipart/mixed; boundary=x\r\r--x\r"
        let clock = ContinuousClock()
        let took = clock.measure {
            _ = message(String(repeating: piece, count: 300_000 / piece.utf8.count))
            _ = message(head + String(repeating: piece, count: 300_000 / piece.utf8.count))
        }
        #expect(took < .seconds(60), "it grows faster than what it reads")
    }

    @Test("A list of many addresses is cut")
    func addresses() {
        #expect(MailAddress.list(parsing: String(repeating: "a@b.c,", count: 10_000)).count == 2000)
        #expect(header(String(repeating: "To: a@b.c, d@e.f\n", count: 1000)).addresses("to").count == 2000)
    }

    @Test("A large attachment is found without being copied")
    func largeAttachment() {
        let line = String(repeating: "QUJD", count: 19) + "\r\n"
        var octets = Array(
            "Content-Type: multipart/mixed; boundary=\"=_x\"\r\n\r\n--=_x\r\n\r\nHello\r\n--=_x\r\n".utf8)
        octets += Array("Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n\r\n".utf8)
        let body = Array(line.utf8)
        octets.reserveCapacity(26 << 20)
        while octets.count < 25 << 20 { octets += body }
        octets += Array("\r\n--=_x--\r\n".utf8)
        let clock = ContinuousClock()
        var mail = MailMessage(root: MIMEPart(section: ""))
        let took = clock.measure { mail = MailMessage(parsing: octets) }
        #expect(took < .seconds(60), "it grows faster than what it reads")
        #expect(mail.part("2")?.size ?? 0 > 25_000_000)
        // The start of the storage is the start of the message's: nothing was copied.
        let shares = octets.withUnsafeBufferPointer { all in
            mail.part("2")?.content?.withUnsafeBufferPointer { slice in
                guard let base = all.baseAddress, let start = slice.baseAddress else { return false }
                return start > base && start < base + all.count
            }
        }
        #expect(shares == true)
        #expect(mail.part("2")?.decodedContent(limit: 7) == Array("ABCABCA".utf8))
    }
}
