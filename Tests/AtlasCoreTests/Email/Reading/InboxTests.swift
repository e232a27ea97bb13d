import Foundation
import MIME
import Testing

@testable import AtlasCore

@Suite("The inbox asks the account that works, and says which")
struct InboxTests {
    @Test("The first account serves, and the second is not asked")
    func firstServes() async throws {
        let (imap, gmail) = (ToldReader("imap", [InboxKit.message("i.1")]), ToldReader("gmail"))
        let found = try await InboxKit.inbox([imap, gmail]).find("", mailbox: nil, limit: 20)
        #expect(found.provider == "imap" && found.messages.map(\.id) == ["i.1"] && found.warnings == [])
        #expect(gmail.asked == [])
    }

    @Test("Where the first account does not work, the second serves, and the answer says why")
    func secondServes() async throws {
        let gmail = ToldReader("gmail", [InboxKit.message("g.1")])
        let found = try await InboxKit.inbox([ToldReader("imap", failure: InboxKit.refused), gmail])
            .find("", mailbox: nil, limit: 20)
        #expect(found.provider == "gmail" && found.messages.map(\.id) == ["g.1"])
        #expect(found.warnings.count == 1 && found.warnings[0].contains("ATLAS_EMAIL_IMAP_PASSWORD"))
    }

    @Test("A question that is wrong is not asked elsewhere")
    func wrongQuestion() async throws {
        let wrong = AtlasError(.invalidArgument, "mailbox", parameter: "mailbox")
        let gmail = ToldReader("gmail")
        await #expect(throws: wrong) {
            try await InboxKit.inbox([ToldReader("imap", failure: wrong), gmail]).find("", mailbox: nil, limit: 20)
        }
        #expect(gmail.asked == [])
    }

    @Test("An id goes to the account that gave it, even when that fails")
    func idsBelong() async throws {
        let (imap, gmail) = (
            ToldReader("imap", failure: InboxKit.refused),
            ToldReader("gmail", [InboxKit.message("g.7", thread: "gt.7")])
        )
        let inbox = try InboxKit.inbox([imap, gmail])
        #expect(try await inbox.message("g.7", mailbox: nil, offset: 0, limit: 100).provider == "gmail")
        #expect(try await inbox.thread("gt.7", mailbox: nil).thread.messages.count == 1)
        #expect(imap.asked == [])
        await #expect(throws: InboxKit.refused) {
            try await inbox.message("i.1.2.x", mailbox: nil, offset: 0, limit: 100)
        }
        #expect(gmail.asked == ["message g.7", "thread gt.7"])
    }

    @Test("With no account, the variables to set are named")
    func noAccount() async throws {
        await #expect {
            try await InboxKit.inbox([]).find("", mailbox: nil, limit: 20)
        } throws: {
            let error = try #require($0 as? AtlasError)
            return error.code == .notConfigured && error.message.contains("ATLAS_EMAIL_IMAP_HOST")
                && error.message.contains("ATLAS_TOOLS_GMAIL_REFRESH_TOKEN")
        }
    }

    @Test("A message that is gone is not found, and neither is an id of an account that is gone")
    func gone() async throws {
        let inbox = try InboxKit.inbox([ToldReader("imap")])
        for id in ["i.1", "g.1"] {
            await #expect {
                try await inbox.message(id, mailbox: nil, offset: 0, limit: 100)
            } throws: {
                ($0 as? AtlasError)?.code == .notFound
            }
        }
    }

    @Test("Marks go to the accounts whose messages they are")
    func marks() async throws {
        let (imap, gmail) = (
            ToldReader("imap", [InboxKit.message("i.1")]), ToldReader("gmail", [InboxKit.message("g.1")])
        )
        let marked = try await InboxKit.inbox([imap, gmail]).mark(["g.1", "i.1", "i.2"], .read)
        #expect(Set(marked) == ["g.1", "i.1"])
        #expect(imap.asked == ["mark i.1 i.2 read"] && gmail.asked == ["mark g.1 read"])
    }
}

@Suite("A message is shown within the size of a result")
struct ReadMessageTests {
    @Test("A long text comes in pages that join to the whole")
    func pages() {
        let text = String(repeating: "Ä\"\n漢字 and more\u{0301} ", count: 4000)
        let whole = text.cleaned(keepingLines: true)
        var offset = 0
        var joined = ""
        while true {
            let page = ReadMessage(InboxKit.message("i.1", text: text), offset: offset, limit: 7000)
            joined += page.bodyText
            #expect(page.offset == offset && page.truncated == (page.nextOffset != nil))
            guard let next = page.nextOffset else { break }
            #expect(next > offset)
            offset = next
        }
        #expect(joined == whole)
        #expect(ReadMessage(InboxKit.message("i.1", text: text), offset: 1_000_000, limit: 10).bodyText == "")
    }

    @Test("A page counts what characters cost as JSON")
    func octets() {
        let page = TextPage(String(repeating: "漢", count: 40_000), offset: 0, limit: 40_000, mostOctets: 30_000)
        #expect(page.text.unicodeScalars.count == 10_000 && page.nextOffset == 10_000)
    }

    @Test("The quoted history is told apart from what is new")
    func quotedHistory() {
        let message = InboxKit.message("i.1", text: "Yes.\n\nOn Monday, Bob wrote:\n> Now?", newText: "Yes.")
        #expect(ReadMessage(message, offset: 0, limit: 100).quotedFrom == 4)
        #expect(ReadMessage(InboxKit.message("i.2"), offset: 0, limit: 100).quotedFrom == nil)
    }

    @Test("A message to a thousand people shows a few and how many there are")
    func manyRecipients() {
        let people = (0..<1000).map { "p\($0)@example.com" }
        let shown = InboxKit.message("i.1", to: people).summary.presentable
        #expect(shown.to.count == 26 && shown.to.last == "and 975 more")
    }

    @Test("A conversation keeps its newest messages within bounds, each with what is new in it")
    func thread() throws {
        let messages = (0..<80).map {
            InboxKit.message(
                "i.\($0)", subject: "Re: Visit", minute: $0, text: String(repeating: "long ", count: 1000) + "> old",
                newText: String(repeating: "long ", count: 1000))
        }
        let thread = try #require(MailThread(messages))
        #expect(thread.messageCount == 80 && thread.messages.count <= 50 && thread.truncated)
        #expect(
            thread.messages.last?.id == "i.79"
                && thread.participants == ["Ann Lee <ann@example.com>", "office@example.com"])
        #expect(thread.messages.reduce(0) { $0 + $1.octets } <= 46_000)
        #expect(thread.messages == thread.messages.sorted { $0.date < $1.date })
        #expect(MailThread([]) == nil)
    }
}
