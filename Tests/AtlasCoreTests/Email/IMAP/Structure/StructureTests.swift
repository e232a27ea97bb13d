import Foundation
import Testing

@testable import AtlasCore

struct StructureTests {
    // MARK: - Modified UTF-7

    @Test(
        "Names of mailboxes are written as RFC 3501 says, and read again",
        arguments: [
            ("INBOX", "INBOX"), ("R&D", "R&-D"), ("&", "&-"), ("Entwürfe", "Entw&APw-rfe"), ("日本語", "&ZeVnLIqe-"),
            ("~peter/mail/台北/日本語", "~peter/mail/&U,BTFw-/&ZeVnLIqe-"), ("😀", "&2D3eAA-"), ("a\tb", "a&AAk-b"), ("", ""),
            ("Gelöscht & weg", "Gel&APY-scht &- weg"), ("üü", "&APwA,A-"), ("[Gmail]/Sent Mail", "[Gmail]/Sent Mail"),
        ])
    func modifiedUTF7(name: String, written: String) {
        #expect(ModifiedUTF7.encode(name) == written)
        #expect(ModifiedUTF7.decode(Array(written.utf8)) == name)
    }

    @Test(
        "What is not written so stays as it is",
        arguments: [
            "R&D", "&", "&APw", "&APw-&APw-", "&AGE-", "&APx-", "&A-", "&2D0-", "&3gA-", "&!-", "&A/A-", "Entwürfe",
            "Entwürfe &-",
            "&AP-w-", "a\u{7F}&-",
        ])
    func invalidUTF7(written: String) {
        #expect(ModifiedUTF7.decode(Array(written.utf8)) == written)
    }

    @Test("Any name comes back, and no two names are written alike")
    func utf7Property() {
        var random = QueryRandom(state: 3)
        let pieces = ["a", "&", "-", "ü", "日", "😀", " ", "/", ",", "+", "\u{7F}", "e\u{301}", "\u{FFFF}"]
        var seen: [String: String] = [:]
        for _ in 0..<5000 {
            let name = (0..<Int(random.next() % 8)).map { _ in random.pick(pieces) }.joined()
            let written = ModifiedUTF7.encode(name)
            #expect(written.utf8.allSatisfy { (0x20...0x7E).contains($0) })
            #expect(ModifiedUTF7.decode(Array(written.utf8)).unicodeScalars.elementsEqual(name.unicodeScalars))
            if let other = seen[written] { #expect(other.unicodeScalars.elementsEqual(name.unicodeScalars)) }
            seen[written] = name
            _ = ModifiedUTF7.decode((0..<8).map { _ in UInt8.random(in: 0...255, using: &random) })
        }
    }

    // MARK: - Ids

    @Test("The id of a message leads back to it, in characters that are safe everywhere")
    func messageIDs() throws {
        for mailbox in ["INBOX", "Entwürfe/日本語 😀", "a.b\\c\"d", String(repeating: "x", count: 2000)] {
            let id = IMAPMessageID(mailbox: mailbox, uidValidity: .max, uid: 1)
            #expect(IMAPMessageID(id.text) == id)
            #expect(
                id.text.utf8.allSatisfy {
                    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.".utf8.contains($0)
                })
        }
        #expect(IMAPMessageID(mailbox: "INBOX", uidValidity: 7, uid: 42).text == "i.7.42.SU5CT1g")
    }

    @Test(
        "Nothing else is taken for one",
        arguments: [
            "", "i", "i.7.42", "i.7.42.", "i.7.42.SU5CT1g.", "i.7.42.SU5CT1g=", "i.0.42.SU5CT1g", "i.7.0.SU5CT1g",
            "i.07.42.SU5CT1g",
            "i.+7.42.SU5CT1g", "i.7.-1.SU5CT1g", "i.4294967296.1.SU5CT1g", "i.7.42.SU5CT1h", "i.7.42.S U5CT1g",
            "i.7.42._w",
            "i.7.42.SU4NCkE", "j.7.42.SU5CT1g", "i.7.٤.SU5CT1g", "i.7.42.SU5CT1g\n",
            "i.7.42." + String(repeating: "A", count: 8000),
        ])
    func badMessageIDs(text: String) {
        #expect(IMAPMessageID(text) == nil)
        #expect(IMAPThreadID(text) == nil)
    }

    @Test("A conversation is named after the message that began it")
    func threadIDs() throws {
        let id = IMAPMessageID(mailbox: "INBOX", uidValidity: 7, uid: 42)
        let first = IMAPThreadID(messageID: "1@x", references: [], inReplyTo: [], id: id)
        #expect(first == .root("1@x"))
        #expect(IMAPThreadID(messageID: "3@x", references: ["1@x", "2@x"], inReplyTo: ["2@x"], id: id) == first)
        #expect(IMAPThreadID(messageID: "2@x", references: [], inReplyTo: ["1@x"], id: id) == first)
        #expect(IMAPThreadID(messageID: nil, references: [], inReplyTo: [], id: id) == .message(id))
        #expect(IMAPThreadID(messageID: "a\nb", references: ["", "x y"], inReplyTo: [], id: id) == .message(id))
        #expect(
            IMAPThreadID(messageID: "2@x", references: [String(repeating: "x", count: 999)], inReplyTo: [], id: id)
                == .root("2@x"))
        for thread in [first, .gmail(.max), .message(id), .root("é<>\"@x")] {
            #expect(IMAPThreadID(thread.text) == thread)
        }
        for text in ["g.", "g.-1", "g.01", "g.18446744073709551616", "t.", "t.YQ==", "t.YSBi", "1@x"] {
            #expect(IMAPThreadID(text) == nil, "\(text)")
        }
        #expect(
            first.criteria == [
                .atom("OR"), .atom("OR"), .atom("HEADER"), .atom("MESSAGE-ID"), .string("1@x"), .atom("HEADER"),
                .atom("REFERENCES"),
                .string("1@x"), .atom("HEADER"), .atom("IN-REPLY-TO"), .string("1@x"),
            ])
        #expect(IMAPThreadID.gmail(9).criteria == [.atom("X-GM-THRID"), .atom("9")])
        #expect(IMAPThreadID.message(id).criteria == nil)
    }

    // MARK: - Dates

    @Test("Dates are read and written as RFC 3501 has them")
    func dates() {
        let moment = Date(timeIntervalSince1970: 1_793_509_200)
        #expect(IMAPDate.written(moment, offset: -18000) == " 1-Nov-2026 00:00:00 -0500")
        #expect(IMAPDate.written(moment, offset: 20_700) == " 1-Nov-2026 10:45:00 +0545")
        #expect(IMAPDate.day(20_758) == "1-Nov-2026")
        for text in [
            " 1-Nov-2026 00:00:00 -0500", "01-Nov-2026 05:00:00 +0000", "1-NOV-2026 05:00:00",
            "01-nov-2026 10:45:00 +0545",
            "31-Oct-2026 23:00:00 -0600",
        ] { #expect(IMAPDate.read(text) == moment, "\(text)") }
        for text in [
            "", "1-Nov-2026", "31-Feb-2026 00:00:00 +0000", "1-Foo-2026 00:00:00 +0000", "1-Nov-26 00:00:00 +0000",
            "1-Nov-2026 24:00:00 +0000", "1-Nov-2026 00:60:00 +0000", "1-Nov-2026 00:00:00 0000",
            "1-Nov-2026 00:00:00 +00:00",
            "1-Nov-2026 00:00:00 +0099", "1--Nov-2026 00:00:00 +0000", "٣-Nov-2026 00:00:00 +0000",
            "00-Nov-2026 00:00:00 +0000", "1-Nov-0000 00:00:00 +0000",
        ] { #expect(IMAPDate.read(text) == nil, "\(text)") }
    }

    @Test("A date that was written is read as the same second, in any zone")
    func dateProperty() {
        var random = QueryRandom(state: 5)
        for _ in 0..<3000 {
            let moment = Date(timeIntervalSince1970: Double(Int(random.next() % 8_000_000_000)) - 2_000_000_000)
            let offset = Int(random.next() % 1600) * 60 - 48_000
            #expect(IMAPDate.read(IMAPDate.written(moment, offset: offset)) == moment)
        }
        for seconds in [Double.infinity, -.infinity, .nan, 1e300] {
            _ = IMAPDate.written(Date(timeIntervalSince1970: seconds))
        }
    }

    // MARK: - Sets

    @Test("Sets are written short and read without being spelt out")
    func sets() throws {
        #expect(IMAPSet([7, 1, 2, 3, 4, 2, 0]).text == "1:4,7")
        #expect(IMAPSet([]).text.isEmpty && IMAPSet([]).texts().isEmpty)
        let all = try #require(IMAPSet("1:4294967295"))
        #expect(all.count == 4_294_967_295 && all.contains(.max) && !all.contains(0))
        #expect(all.numbers(limit: 2) == [.max - 1, .max])
        let mixed = try #require(IMAPSet("9,4:2,3:5,4294967295"))
        #expect(mixed.text == "2:5,9,4294967295" && mixed.count == 6)
        #expect(mixed.numbers(limit: 100) == [2, 3, 4, 5, 9, .max] && mixed.numbers(limit: 0).isEmpty)
        #expect((0...12).filter { mixed.contains($0) } == [2, 3, 4, 5, 9])
        #expect(IMAPSet.ordered("9,4:2,1")?.map(\.lowerBound) == [9, 2, 1])
        for text in [
            "", "0", "1:", ":1", "1,,2", "1:2:3", "*", "1:*", "4294967296", "1 2", "99999999999999999999999", "-1",
            "1,",
        ] {
            #expect(IMAPSet(text) == nil, "\(text)")
        }
    }

    @Test("Many numbers are cut into sets that a command can hold, and none is lost")
    func longSets() throws {
        let numbers = stride(from: UInt32(1), to: 40_000, by: 2).map(\.self)
        let texts = IMAPSet(numbers).texts(longest: 1000)
        #expect(texts.allSatisfy { $0.utf8.count <= 1000 } && texts.count > 50)
        #expect(try texts.flatMap { try #require(IMAPSet($0)).numbers(limit: .max) } == numbers)
    }

    // MARK: - Roles

    @Test(
        "Mailboxes are known by what servers say of them, else by their names",
        arguments: [
            ("Sent", "/", MailboxRole.sent), ("INBOX.Sent", ".", .sent), ("Gesendete Objekte", "/", .sent),
            ("Envoyés", "/", .sent),
            ("Éléments envoyés", "/", .sent), ("INBOX/Enviados", "/", .sent), ("[Gmail]/Sent Mail", "/", .sent),
            ("[Google Mail]/Spam", "/", .junk), ("inbox", "/", .inbox), ("Entwürfe", ".", .drafts),
            ("ENTWÜRFE", ".", .drafts),
            ("Papierkorb", "/", .trash), ("Gelöschte Elemente", "/", .trash), ("Deleted Items", "/", .trash),
            ("Junk E-mail", "/", .junk),
            ("Отправленные", "/", .sent), ("送信済み", "/", .sent), ("Archive", "/", .archive),
            ("[Gmail]/All Mail", "/", .all),
        ])
    func roles(name: String, delimiter: String, role: MailboxRole) {
        #expect(MailboxRole(mailbox: name, delimiter: delimiter) == role)
    }

    @Test(
        "Other mailboxes have none",
        arguments: ["Sent/2025", "Customers", "INBOX/Sent/2025", "Unsent", "", "[Gmail]", "Todos"])
    func noRole(name: String) {
        #expect(MailboxRole(mailbox: name, delimiter: "/") == nil)
    }

    @Test("What the server says counts before names, and each role has one mailbox")
    func assignment() {
        let mailboxes = MailboxRole.mailboxes(of: [
            ("Sent", [], "/"), ("Gesendet", ["\\HasNoChildren", "\\SENT"], "/"), ("Trash", ["\\Noselect"], "/"),
            ("INBOX", [], "/"),
            ("Papierkorb", [], "/"), ("Deleted Items", [], "/"),
        ])
        #expect(mailboxes == [.sent: "Gesendet", .trash: "Papierkorb", .inbox: "INBOX"])
        #expect(MailboxRole(attributes: ["\\AllMail"]) == .all && MailboxRole(attributes: ["\\Marked"]) == nil)
        #expect(
            MailboxRole(named: "SPAM") == .junk && MailboxRole(named: "bin") == .trash && MailboxRole(named: "x") == nil
        )
    }

    // MARK: - Subjects

    @Test(
        "Subjects lose what answering and forwarding put before them",
        arguments: [
            ("Re: Estimate", "Estimate"), ("RE: AW: Fwd[2]: Estimate (fwd)", "Estimate"), ("Estimate", "Estimate"),
            ("Re:", ""),
            ("Antw: WG: Angebot", "Angebot"), ("Note: Re: x", "Note: Re: x"), ("回复：报价", "报价"), ("Re (3): x", "x"),
            ("Re: 12:30 works", "12:30 works"), ("[list] Re: x", "[list] Re: x"), ("", ""),
        ])
    func subjects(subject: String, base: String) { #expect(ReplySubject.base(subject) == base) }
}
