import Foundation
import Testing

@testable import AtlasCore

@Suite("The codec of IMAP")
struct IMAPCodecTests {
    static func responses(_ stream: String, limits: IMAPLimits = IMAPLimits(), chunk: Int = .max) throws
        -> [IMAPResponse]
    {
        var frames = IMAPFrames(limits: limits)
        var responses: [IMAPResponse] = []
        var rest = Array(stream.utf8)[...]
        while !rest.isEmpty {
            frames.append(Array(rest.prefix(chunk)))
            rest = rest.dropFirst(chunk)
            while let frame = try frames.next() { responses.append(try IMAPResponse(parsing: frame, limits: limits)) }
        }
        return responses
    }

    @Test(
        "A literal is passed over by its count, whatever stands in it, and however the stream is cut",
        arguments: [1, 7, 1000])
    func literals(chunk: Int) throws {
        let body = "A1 OK done\r\n* 5 EXPUNGE\r\n)"
        let stream =
            "* 1 FETCH (UID 7 BODY[] {\(body.utf8.count)}\r\n\(body) FLAGS (\\Seen))\r\nA1 OK Fetched {12}\r\nA2 OK x\r\n"
        #expect(
            try Self.responses(stream, chunk: chunk) == [
                .data(
                    "FETCH", number: 1,
                    [
                        .list([
                            .atom("UID"), .atom("7"), .atom("BODY[]"), .string(Array(body.utf8)[...]), .atom("FLAGS"),
                            .list([.atom("\\Seen")]),
                        ])
                    ]),
                .tagged("A1", IMAPStatus(.ok, text: "Fetched {12}")), .tagged("A2", IMAPStatus(.ok, text: "x")),
            ])
    }

    @Test("Text for people may end like a literal, in any verdict")
    func textIsNoLiteral() throws {
        #expect(
            try Self.responses("* OK {3}\r\n* no [ALERT] quota {9}\r\n+ go {4}\r\n* BYE\r\n") == [
                .status(IMAPStatus(.ok, text: "{3}")), .status(IMAPStatus(.no, code: "ALERT", text: "quota {9}")),
                .continuation, .status(IMAPStatus(.bye)),
            ])
    }

    @Test("Values of every kind are read")
    func values() throws {
        let read = try Self.responses(
            "* LIST (\\HasNoChildren \\*) NIL \"a \\\"b\\\\ c\"\r\n* X nil \"\" () {0}\r\n ~{2+}\r\nxy\r\n")
        #expect(
            read == [
                .data(
                    "LIST", number: nil,
                    [.list([.atom("\\HasNoChildren"), .atom("\\*")]), .nil, .string(Array("a \"b\\ c".utf8)[...])]),
                .data("X", number: nil, [.nil, .string([]), .list([]), .string([]), .string(Array("xy".utf8)[...])]),
            ])
    }

    @Test("The section of an item belongs to its name, with what stands in its brackets")
    func sections() throws {
        let read = try Self.responses("* 2 FETCH (BODY[HEADER.FIELDS (\"From\" TO)] \"x\" BODY[1.2]<0> NIL)\r\n")
        #expect(
            read == [
                .data(
                    "FETCH", number: 2,
                    [
                        .list([
                            .atom("BODY[HEADER.FIELDS (\"From\" TO)]"), .string(Array("x".utf8)[...]),
                            .atom("BODY[1.2]<0>"), .nil,
                        ])
                    ])
            ])
    }

    @Test("Response codes have their arguments, and one that is none is text")
    func codes() throws {
        let read = try Self.responses(
            "A1 OK [COPYUID 3 1:2 7,9] Done\r\nA2 NO [half text\r\n* OK [PERMANENTFLAGS (\\Seen \\*)] x\r\n")
        #expect(
            read == [
                .tagged(
                    "A1",
                    IMAPStatus(.ok, code: "COPYUID", arguments: [.atom("3"), .atom("1:2"), .atom("7,9")], text: "Done")),
                .tagged("A2", IMAPStatus(.no, text: "[half text")),
                .status(
                    IMAPStatus(
                        .ok, code: "PERMANENTFLAGS", arguments: [.list([.atom("\\Seen"), .atom("\\*")])], text: "x")),
            ])
    }

    @Test("What is larger, deeper or longer than taken is refused")
    func limits() {
        let small = IMAPLimits(line: 40, literal: 10, response: 60, depth: 3, values: 5)
        let cases: [(String, IMAPProtocolError)] = [
            ("* X " + String(repeating: "a", count: 50), .lineTooLong),
            ("* X {11}\r\n", .literalTooLong), ("* X {99999999999999999999999999}\r\n", .literalTooLong),
            ("* X {10}\r\n0123456789 0123456789 0123456789 {10}\r\n0123456789 {9}\r\n", .responseTooLong),
            ("* X ((((", .malformed), ("* X ((((\r\n", .tooDeep), ("* X 1 2 3 4 5 6\r\n", .tooManyValues),
            ("* X (\r\n", .malformed), ("* X \"a\r\n", .malformed), ("* X )\r\n", .malformed), ("*\r\n", .malformed),
            ("nonsense\r\n", .malformed),
        ]
        for (stream, expected) in cases where stream.hasSuffix("\n") || expected == .lineTooLong {
            #expect(throws: expected, "\(stream)") { try Self.responses(stream, limits: small) }
        }
    }

    @Test("Mutated conversations are read or refused, and end no process")
    func fuzz() throws {
        let seconds = Double(ProcessInfo.processInfo.environment["ATLAS_FUZZ_SECONDS"] ?? "") ?? 4
        let end = ContinuousClock.now + .milliseconds(Int(seconds * 1000))
        var random = SplitMix(state: UInt64(Date().timeIntervalSince1970 * 1000))
        let seeds = Self.recorded.map { Array($0.utf8) }
        let limits = IMAPLimits(line: 1 << 16, literal: 1 << 16, response: 1 << 18, depth: 64, values: 10_000)
        var count = 0
        while ContinuousClock.now < end {
            var stream = seeds[Int(random.next() % UInt64(seeds.count))]
            for _ in 0..<(1 + random.next() % 8) { random.mutate(&stream, from: seeds) }
            var frames = IMAPFrames(limits: limits)
            frames.append(stream)
            do {
                while let frame = try frames.next() {
                    guard let response = try? IMAPResponse(parsing: frame, limits: limits) else { continue }
                    let reply = IMAPReply(status: IMAPStatus(.ok), responses: [response])
                    for items in FetchedItems.all(reply).values { _ = items.structure?.allParts.count }
                    _ = FoundUIDs(reply, limit: 100)
                    if case .data(_, _, let values) = response {
                        _ = Mailbox(listed: values)
                        _ = IMAPCapabilities(values)
                    }
                }
            } catch {}
            count += 1
        }
        #expect(count > 100)
    }

    /// What Dovecot and Gmail said once.
    static let recorded = [
        "* ESEARCH (TAG \"A3\") UID COUNT 5 ALL 1:4,9\r\nA3 OK Search completed (0.001 + 0.000 secs).\r\n",
        "* SEARCH 1 2 3 4294967295 (MODSEQ 917162500)\r\n* SORT 5 3 2\r\n",
        "* LIST (\\HasNoChildren \\Sent) \"/\" \"Sent\"\r\n* STATUS \"Sent\" (MESSAGES 139 UNSEEN 51)\r\n* LIST () NIL {6}\r\nB&APw-ro\r\n",
        "* CAPABILITY IMAP4rev1 LITERAL+ X-GM-EXT-1\r\n* 12 EXISTS\r\n* OK [UIDVALIDITY 1795704358] UIDs valid\r\n",
        "* 1 FETCH (X-GM-THRID 1278455344230334865 UID 9 FLAGS (\\Seen $Forwarded) INTERNALDATE \"24-Nov-2026 09:00:00 -0600\" RFC822.SIZE 44827 BODYSTRUCTURE ((\"TEXT\" \"PLAIN\" (\"CHARSET\" \"UTF-8\" \"FORMAT\" \"flowed\") NIL NIL \"QUOTED-PRINTABLE\" 1315 42 NIL NIL NIL NIL)(\"APPLICATION\" \"PDF\" (\"NAME*\" \"utf-8''B%C3%BCro.pdf\") \"<x@y>\" NIL \"BASE64\" 5120 NIL (\"ATTACHMENT\" (\"FILENAME\" \"a.pdf\")) NIL NIL)(\"MESSAGE\" \"RFC822\" NIL NIL NIL \"7BIT\" 342 (NIL \"subj\" NIL NIL NIL NIL NIL NIL NIL NIL) (\"TEXT\" \"PLAIN\" NIL NIL NIL \"7BIT\" 3 1 NIL NIL NIL NIL) 12 NIL NIL NIL NIL) \"MIXED\" (\"BOUNDARY\" \"b1\") NIL NIL NIL) BODY[HEADER.FIELDS (FROM TO)] {24}\r\nFrom: a@b\r\nTo: c@d\r\n\r\n\r\n BODY[TEXT]<0> {5}\r\nHello)\r\n",
    ]
}

/// A generator that repeats itself by its seed.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    private static let splinters = [
        "(", ")", "\"", "{3}\r\n", "{99999}\r\n", "\\", "[", "]", "\r\n", "* ", "NIL", "0", "18446744073709551616",
        "<0>", "~{1+}\r\n",
    ]

    mutating func mutate(_ stream: inout [UInt8], from seeds: [[UInt8]]) {
        let place = Int.random(in: 0...stream.count, using: &self)
        switch next() % 5 {
        case 0 where place < stream.count: stream[place] = UInt8(truncatingIfNeeded: next())
        case 1: stream.insert(contentsOf: Self.splinters.randomElement(using: &self)!.utf8, at: place)
        case 2: stream.removeSubrange(place..<min(stream.count, place + Int(next() % 16)))
        case 3: stream.insert(contentsOf: seeds.randomElement(using: &self)!.prefix(Int(next() % 200)), at: place)
        default: stream.insert(contentsOf: [UInt8](repeating: UInt8(ascii: "("), count: Int(next() % 80)), at: place)
        }
    }
}
