import Foundation
import TestSupport
import Testing

@testable import AtlasCore

@Suite("IMAP servers that misbehave")
struct HostileServerTests {
    static let capability = "IMAP4rev1 SASL-IR AUTH=PLAIN ESEARCH UIDPLUS"

    /// A server that lets everybody in and opens every mailbox; `answer` says the rest, `%T` for the tag.
    static func server(
        capability: String = capability, _ answer: @escaping @Sendable (String, Int) -> ScriptedServer.Answer?
    ) -> ScriptedServer {
        ScriptedServer(greeting: "* OK [CAPABILITY \(capability)] ready\r\n") { line, connection in
            let tag = String(line.prefix { $0 != " " })
            let command = String(line.dropFirst(tag.count + 1))
            switch answer(command, connection) {
            case .say(let words): return .say(words.replacing("%T", with: tag))
            case .sayAndClose(let words): return .sayAndClose(words.replacing("%T", with: tag))
            case .close: return .close
            case nil: break
            }
            if command == "CAPABILITY" { return .say("* CAPABILITY \(capability)\r\n\(tag) OK done\r\n") }
            if command.hasPrefix("EXAMINE") || command.hasPrefix("SELECT") {
                return .say("* 2 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n\(tag) OK [READ-ONLY] open\r\n")
            }
            return .say("\(tag) OK [CAPABILITY \(capability)] done\r\n")
        }
    }

    static let found = "* ESEARCH (TAG \"%T\") UID COUNT 1 ALL 5\r\n%T OK done\r\n"
    static let message =
        "* 1 FETCH (UID 5 FLAGS () RFC822.SIZE 30 BODY[HEADER.FIELDS (SUBJECT)] {18}\r\nSubject: Hello\r\n\r\n BODY[TEXT]<0> \"x\")\r\n%T OK done\r\n"

    static func outcome(_ server: ScriptedServer) async -> Result<FoundMessages, any Error> {
        let reader = IMAPReader(MailKit.account(server))
        defer { server.stop() }
        return await MailKit.run {
            do { return .success(try await reader.search(.all, in: nil, limit: 5)) } catch { return .failure(error) }
        }
    }

    @Test(
        "Nonsense, endless literals, foreign tags and goodbyes are errors of the server",
        arguments: [
            ("* 1 FETCH (UID 5 BODY[] {99999999999}\r\n", AtlasError.Code.upstreamError),
            ("ZZZZ9 OK done\r\n", .upstreamError), ("* 1 FETCH ((((\r\n", .upstreamError),
            ("* BYE shutting down\r\n", .unavailable), ("%T NO [UNAVAILABLE] later\r\n", .unavailable),
            ("%T BAD what\r\n", .upstreamError), ("* 1 FETCH (UID 5 BODY[] {500}\r\nshort", .unavailable),
        ])
    func refused(_ answer: String, _ code: AtlasError.Code) async throws {
        let server = Self.server { command, _ in
            if command.hasPrefix("UID SEARCH") { return .say(Self.found) }
            guard command.hasPrefix("UID FETCH") else { return nil }
            return answer.hasPrefix("%T") ? .say(answer) : .sayAndClose(answer)
        }
        let error = await #expect(throws: AtlasError.self) { try await Self.outcome(server).get() }
        #expect(error?.code == code, "\(error?.message ?? "")")
    }

    @Test("What nobody asked for is passed over")
    func unasked() async throws {
        let server = Self.server { command, _ in
            if command.hasPrefix("UID SEARCH") {
                return .say(
                    "* 3 EXISTS\r\n* FLAGS (\\Seen)\r\n* OK [ALERT] look\r\n* LIST () \"/\" x\r\n* XYZ {3}\r\n\r\n)\r\n"
                        + Self.found)
            }
            guard command.hasPrefix("UID FETCH") else { return nil }
            return .say("* 1 FETCH (FLAGS (\\Seen))\r\n* 2 FETCH (UID 99 FLAGS ())\r\n" + Self.message + "")
        }
        let found = try await Self.outcome(server).get()
        #expect(found.messages.map(\.subject) == ["Hello"])
        #expect(found.messages.first?.unread == true)
    }

    @Test("A set of four thousand million numbers is not made")
    func hugeSet() async throws {
        let server = Self.server { command, _ in
            if command.hasPrefix("UID SEARCH") {
                return .say("* ESEARCH (TAG \"%T\") UID COUNT 9999999999 ALL 1:4294967295\r\n%T OK done\r\n")
            }
            return command.hasPrefix("UID FETCH") ? .say("%T OK done\r\n") : nil
        }
        #expect(try await Self.outcome(server).get().messages.isEmpty)
    }

    @Test("A kept connection that the server closed is made again, once, and reading goes on")
    func reconnects() async throws {
        let server = Self.server { command, connection in
            if command.hasPrefix("NOOP") { return .sayAndClose("* BYE idle for too long\r\n") }
            if command.hasPrefix("UID SEARCH") { return .say(Self.found) }
            return command.hasPrefix("UID FETCH") ? .say(Self.message) : nil
        }
        defer { server.stop() }
        let reader = IMAPReader(MailKit.account(server))
        for _ in 1...3 {
            let found = try await MailKit.run { try await reader.search(.all, in: nil, limit: 5) }
            #expect(found.messages.map(\.subject) == ["Hello"])
        }
        #expect(server.lines.count { $0.contains("AUTHENTICATE") } == 3)
    }

    @Test("What may have been done is not done again, and the error says so")
    func doubt() async throws {
        let server = Self.server { command, _ in
            if command.hasPrefix("UID SEARCH") { return .say(Self.found) }
            return command.hasPrefix("UID STORE") ? .close : nil
        }
        defer { server.stop() }
        let reader = IMAPReader(MailKit.account(server))
        let id = IMAPMessageID(mailbox: "INBOX", uidValidity: 7, uid: 5).text
        let error = await #expect(throws: AtlasError.self) {
            try await MailKit.run { try await reader.mark([id], .read) }
        }
        #expect(error?.code == .unavailable && error?.retryable == false)
        #expect(server.lines.count { $0.contains("UID STORE") } == 1)
    }

    @Test("Gmail is asked for its own threads, and for attachments in its own words")
    func gmail() async throws {
        let server = Self.server(capability: Self.capability + " X-GM-EXT-1") { command, _ in
            if command.hasPrefix("UID SEARCH") { return .say(Self.found) }
            return command.hasPrefix("UID FETCH")
                ? .say(Self.message.replacing("UID 5", with: "UID 5 X-GM-THRID 1278455344230334865")) : nil
        }
        defer { server.stop() }
        let reader = IMAPReader(MailKit.account(server))
        let found = try await MailKit.run { try await reader.search(.hasAttachment, in: nil, limit: 5) }
        #expect(found.messages.first?.threadID == "g.1278455344230334865")
        #expect(
            server.lines.contains {
                $0.hasSuffix("UID SEARCH RETURN (ALL COUNT) UNDELETED X-GM-RAW \"has:attachment\"")
            })
    }
}
