import JSON
import MIME
import TestSupport
import Testing

@testable import AtlasCore

/// What goes wrong at a server, and what callers must be told of it.
struct SMTPFaultCase: CustomStringConvertible, Sendable {
    let stage: String
    let kind: String
    let said: JSON
    let outcome: SendingOutcome
    /// How many messages the server has taken.
    let taken: Int

    init(_ stage: String, _ kind: String, _ said: JSON, _ outcome: SendingOutcome, taken: Int = 0) {
        self.stage = stage
        self.kind = kind
        self.said = said
        self.outcome = outcome
        self.taken = taken
    }

    init(_ stage: String, _ kind: String, _ outcome: SendingOutcome, taken: Int = 0) {
        self.init(stage, kind, [:], outcome, taken: taken)
    }

    var description: String { "\(stage) \(kind) \(said)" }
}

@Suite("Faults of an SMTP server")
struct SMTPFaultTests {
    private static let sent = SendingOutcome.sent(accepted: ["paul@example.org"], rejected: [])
    private static let isTooBig: JSON = ["code": 552, "text": "5.3.4 Too big"]

    static let before: [SMTPFaultCase] = [
        .init("connect", "answer", ["code": 421, "text": "4.3.2 Too busy", "close": true], .elsewhere(.unavailable)),
        .init("connect", "stall", .elsewhere(.timeout)), .init("connect", "cut", .elsewhere(.unavailable)),
        .init("connect", "garbage", .elsewhere(.notConfigured)),
        // The first EHLO is libcurl's, the second ours.
        .init("ehlo", "cut", ["skip": 1], .elsewhere(.unavailable)),
        .init("ehlo", "stall", ["skip": 1], .elsewhere(.timeout)),
        .init("ehlo", "garbage", ["skip": 1], .elsewhere(.upstreamError)),
        .init("ehlo", "answer", ["skip": 1], .elsewhere(.unavailable)),
        .init("ehlo", "answer", ["skip": 1, "times": 2, "code": 554, "text": "5.5.1 No"], .elsewhere(.upstreamError)),
        .init("ehlo", "stall", .elsewhere(.timeout)), .init("ehlo", "cut", .elsewhere(.unavailable)),
        .init("mail", "answer", ["code": 421, "text": "4.3.2 Going down", "close": true], .elsewhere(.unavailable)),
        .init("mail", "answer", ["code": 451, "text": "4.3.0 Not now"], .elsewhere(.unavailable)),
        .init("mail", "answer", ["code": 530, "text": "5.7.0 Log in"], .elsewhere(.unauthenticated)),
        .init("mail", "answer", ["code": 553, "text": "5.7.1 Not your address"], .elsewhere(.permissionDenied)),
        .init("mail", "answer", isTooBig, .rejected(.invalidArgument)),
        .init("mail", "answer", ["code": 250, "text": ["one", "two", "three"]], .elsewhere(.upstreamError)),
        .init("mail", "stall", .elsewhere(.timeout)), .init("mail", "cut", .elsewhere(.unavailable)),
        .init("mail", "garbage", .elsewhere(.upstreamError)), .init("mail", "flood", .elsewhere(.upstreamError)),
        .init("rcpt", "answer", ["code": 421, "text": "4.3.2 Going down", "close": true], .elsewhere(.unavailable)),
        .init("rcpt", "answer", ["code": 450, "text": "4.2.1 Busy"], .elsewhere(.unavailable)),
        .init("rcpt", "answer", ["code": 550, "text": "5.1.1 No such user"], .rejected(.invalidArgument)),
        .init("rcpt", "answer", ["code": 550, "text": "No such user"], .rejected(.invalidArgument)),
        .init("rcpt", "answer", ["code": 554, "text": "5.7.1 Relay access denied"], .rejected(.permissionDenied)),
        .init("rcpt", "answer", ["code": 530, "text": "5.7.0 Log in"], .elsewhere(.unauthenticated)),
        .init("rcpt", "answer", ["code": 354, "text": "Go ahead"], .elsewhere(.upstreamError)),
        .init("rcpt", "stall", .elsewhere(.timeout)), .init("rcpt", "stall after", .elsewhere(.timeout)),
        .init("rcpt", "cut", .elsewhere(.unavailable)), .init("rcpt", "garbage", .elsewhere(.upstreamError)),
        .init("data", "answer", ["code": 451, "text": "4.3.0 Not now"], .elsewhere(.unavailable)),
        .init("data", "answer", ["code": 554, "text": "5.7.1 No"], .rejected(.permissionDenied)),
        .init("data", "answer", ["code": 250, "text": "Already?"], .elsewhere(.upstreamError)),
        .init("data", "stall", .elsewhere(.timeout)), .init("data", "cut", .elsewhere(.unavailable)),
        .init("data", "garbage", .elsewhere(.upstreamError)),
    ]
    static let after: [SMTPFaultCase] = [
        .init("end", "answer", ["code": 451, "text": "4.3.0 Not now"], .elsewhere(.unavailable)),
        .init("end", "answer", ["code": 421, "text": "4.3.0 Going down", "close": true], .elsewhere(.unavailable)),
        .init(
            "end", "answer", ["code": 550, "text": ["5.7.1 This looks", "5.7.1 like spam"]],
            .rejected(.permissionDenied)),
        .init("end", "answer", isTooBig, .rejected(.invalidArgument)),
        .init("end", "answer", ["code": 354, "text": "More?"], .uncertain),
        .init("end", "stall", .uncertain), .init("end", "cut", .uncertain), .init("end", "flood", .uncertain),
        .init("end", "stall after", .uncertain, taken: 1), .init("end", "cut after", .uncertain, taken: 1),
        .init("end", "garbage", .uncertain, taken: 1), .init("end", "drip", sent, taken: 1),
        .init("ehlo", "answer", ["skip": 1, "code": 502, "text": "5.5.1 What?"], sent, taken: 1),
        .init("quit", "stall", sent, taken: 1), .init("quit", "cut", sent, taken: 1),
        .init("quit", "garbage", sent, taken: 1),
        .init("quit", "flood", sent, taken: 1),
    ]

    @Test("What fails before the final dot has sent nothing", arguments: before)
    func beforeTheDot(fault: SMTPFaultCase) async throws {
        try await check(fault, fault.outcome == .elsewhere(.timeout) ? .short : SMTPTimeouts())
    }

    @Test("From the final dot on, only the server's word tells", arguments: after)
    func fromTheDotOn(fault: SMTPFaultCase) async throws { try await check(fault, .shortAtEnd) }

    private func check(_ fault: SMTPFaultCase, _ timeouts: SMTPTimeouts) async throws {
        let server = await SMTPServer()
        await server.fail(fault.stage, fault.kind, fault.said)
        let start = ContinuousClock.now
        let sending = await Sending(.letter(), by: SMTPSender(account: .smtp(at: server), timeouts: timeouts))
        #expect(sending.outcome == fault.outcome, "\(sending.error?.message ?? "")")
        #expect(ContinuousClock.now - start < .seconds(110))
        #expect(await server.messages().count == fault.taken)
        #expect(await server.journal().filter { $0.stage == "data" }.count <= 1)
        if let error = sending.error {
            #expect(error.retryable == [.unavailable, .timeout].contains(error.code))
            #expect(error.message.contains("SMTP (localhost:\(server.port))"))
        }
    }

    @Test(
        "A message that breaks off in the middle has not been sent",
        arguments: [
            .init("body", "cut", ["after": 100_000], .elsewhere(.unavailable)),
            .init("body", "stall", ["after": 100_000], .elsewhere(.timeout)),
            .init(
                "body", "answer", ["after": 100_000, "code": 552, "text": "5.3.4 Too big"], .rejected(.invalidArgument)),
            .init("body", "answer", ["after": 100_000, "code": 421, "text": "4.3.2 Down"], .elsewhere(.unavailable)),
        ] as [SMTPFaultCase])
    func inTheMiddle(fault: SMTPFaultCase) async throws {
        let server = await SMTPServer()
        await server.fail(fault.stage, fault.kind, fault.said)
        var mail = OutgoingMail.letter()
        mail.attachments = [
            .init(filename: "a.bin", contentType: "image/png", octets: Array(repeating: 7, count: 12_000_000))
        ]
        let sending = await Sending(
            mail, by: SMTPSender(account: .smtp(at: server), timeouts: fault.kind == "stall" ? .short : SMTPTimeouts()))
        #expect(sending.outcome == fault.outcome, "\(sending.error?.message ?? "")")
        #expect(await server.messages().isEmpty)
    }

    @Test("When some are refused for now and the others for good, nothing was sent and it may be tried again")
    func mixedRefusals() async throws {
        let server = await SMTPServer()
        await server.fail("rcpt", "answer", ["code": 550, "text": "5.1.1 No", "pattern": "nobody"])
        await server.fail("rcpt", "answer", ["code": 450, "text": "4.2.1 Busy", "pattern": "busy"])
        let mail = OutgoingMail.letter(to: ["nobody@example.org", "busy@example.org"])
        let sending = await Sending(mail, by: SMTPSender(account: .smtp(at: server)))
        #expect(sending.outcome == .elsewhere(.unavailable))
        #expect(sending.error?.message.contains("busy@example.org (“450 4.2.1 Busy”)") == true)
        #expect(await server.messages().isEmpty)
    }

    @Test("After an outcome that nobody knows, the caller is told to look first")
    func lookFirst() async throws {
        let server = await SMTPServer()
        await server.fail("end", "cut after")
        let sending = await Sending(.letter(), by: SMTPSender(account: .smtp(at: server)))
        #expect(sending.error?.message.contains("Look in the sent mail") == true)
        #expect(sending.error?.retryable == false)
    }

    @Test("A server that cannot be trusted, or does not trust us, gets no message", arguments: [0, 1, 2, 3, 4])
    func noConnection(way: Int) async throws {
        let server = await SMTPServer(way == 1 ? ["starttls": false] : [:])
        let wrong = MailServerAccount.Credentials.password(user: SMTPServer.user, password: "wr0ng-password")
        let right = MailServerAccount.Credentials.password(user: SMTPServer.user, password: SMTPServer.password)
        if way == 2 { await server.fail("starttls", "inject", ["text": "250 evil\r\n"]) }
        if way == 4 { await server.fail("auth", "answer", ["code": 454, "text": "4.7.0 Temporary failure"]) }
        let account = MailServerAccount.smtp(
            at: server, .startTLS, way == 0 ? wrong : right, isTrusted: way != 3)
        let sending = await Sending(.letter(), by: SMTPSender(account: account))
        let codes: [AtlasError.Code] = [.unauthenticated, .notConfigured, .unavailable, .notConfigured, .unavailable]
        #expect(sending.outcome == .elsewhere(codes[way]), "\(sending.error?.message ?? "")")
        #expect(
            sending.error?.message.contains("passw0rd") == false && sending.error?.message.contains("wr0ng") == false)
        #expect(await server.messages().isEmpty)
        #expect(await server.journal().contains { $0.stage == "mail" } == false)
    }

    @Test("A caller who gives up is told whether anything may have happened", arguments: ["mail", "end"])
    func cancelled(stage: String) async throws {
        let server = await SMTPServer()
        await server.fail(stage, "stall")
        let sender = SMTPSender(account: .smtp(at: server))
        let task = Task { await Sending(.letter(), by: sender) }
        while await !server.journal().contains(where: { $0.stage == stage }) {
            try await Task.sleep(for: .milliseconds(20))
        }
        task.cancel()
        #expect(await task.value.outcome == (stage == "mail" ? .cancelled : .uncertain))
    }
}
