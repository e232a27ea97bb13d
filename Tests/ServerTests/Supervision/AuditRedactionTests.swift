import JSON
import Testing

@testable import AtlasServer

@Suite("What the audit log remembers of a call's arguments")
struct AuditRedactionTests {
    private func kept(_ text: String) throws -> String {
        let arguments = try #require(try JSON(parsing: Array(text.utf8)).object)
        return String(decoding: JSON.object(AuditArguments.redacted(arguments)).bytes, as: UTF8.self)
    }

    @Test func whoAndWhenStayAndWhatWasWrittenIsALengthAndADigest() throws {
        let text = try kept(#"{"to":"+12175550134","body":"abc","date":"2026-11-26","limit":5,"record":true}"#)
        #expect(
            text
                == #"{"to":"+12175550134","body":{"characters":3,"sha256":"ba7816bf8f01cfea"},"date":"2026-11-26","limit":5,"record":true}"#
        )
    }

    @Test(arguments: [
        "password", "PASSWORD", "smtp_password", "apiKey", "X-API-Key", "api key", "access_token", "accessToken", "pin",
        "client_secret", "Authorization", "auth", "private-key", "pass\u{200B}word", "cookie", "credentials",
    ])
    func secretsAreLeftOutHoweverTheyAreNamed(_ name: String) throws {
        let quoted = JSON.string(name).description
        for value in [#""hunter2""#, #"["hunter2"]"#, #"{"a":{"b":"hunter2"}}"#, #""https://x.test/hunter2""#] {
            for text in [#"{\#(quoted):\#(value)}"#, #"{"m":[{\#(quoted):\#(value)}]}"#] {
                try #expect(!kept(text).contains("hunter2"), "\(text)")
            }
        }
    }

    @Test func aLongNameHidesNoSecret() throws {
        try #expect(!kept(#"{"\#(String(repeating: "x", count: 100))_password":"hunter2"}"#).contains("hunter2"))
    }

    @Test(arguments: ["to", "idempotency_key", "author", "shipping", "contact_id", "keep_id", "address", "authors"])
    func otherNamesAreNoSecrets(_ name: String) { #expect(!AuditArguments.isSecret(name)) }

    @Test func allThatIsInABodyIsADigest() throws {
        let text = try kept(#"{"content":{"a":"hush1","b":["hush2",{"c":"hush3"}]},"notes":["hush4"]}"#)
        #expect(!text.contains("hush"))
    }

    @Test(arguments: [
        ("https://u:p@example.test/a?token=t#f", "https://example.test/a?…"),
        ("https://example.test/a#f", "https://example.test/a?…"),
        ("see https://a.test/x and https://u:p@b.test/y?k=t now", "see https://a.test/x and https://b.test/y?… now"),
        ("https://a.test call bob@example.test", "https://a.test call bob@example.test"),
        ("https://a.test/?next=https://u:p@b.test", "https://a.test/?…"),
        ("https://u:p/w@b.test/", "https://b.test/"),
        ("ann@example.test", "ann@example.test"), ("://", "://"), ("x://@", "x://"), ("", ""),
        ("why? #1", "why? #1"),
    ])
    func linksLoseTheirSecrets(_ text: String, _ kept: String) {
        #expect(AuditArguments.withoutSecrets(text) == kept)
    }

    @Test func longTextsAreCutByScalarsAndLargeCallsAreADigest() throws {
        let letters = String(repeating: "x", count: 500)
        try #expect(
            kept(#"{"subject":"\#(letters)"}"#).contains(String(repeating: "x", count: 120) + "… (500 characters)"))
        let marks = "e" + String(repeating: "\u{301}", count: 5000)
        try #expect(kept(#"{"subject":"\#(marks)"}"#).utf8.count < 400)
        let many = (0..<50).map { #""n\#($0)":["\#(letters)","\#(letters)"]"# }.joined(separator: ",")
        let text = try kept("{\(many)}")
        #expect(text.hasPrefix(#"{"characters":"#) && text.utf8.count < 100)
    }

    /// Random arguments, in which each text says what it is: one that must not show, or the head of one that may.
    @Test(arguments: 0..<40 as Range<UInt64>)
    func whateverTheArgumentsNothingSecretShows(_ seed: UInt64) throws {
        var source = RandomArguments(seed: seed)
        for _ in 0..<50 {
            let arguments = source.object(depth: 0, isHushed: false)
            let text = String(decoding: JSON.object(AuditArguments.redacted(arguments)).bytes, as: UTF8.self)
            #expect(!text.contains("HUSH"), "\(JSON.object(arguments).description.prefix(2000))")
            #expect(text.utf8.count <= 8192)
        }
    }
}

/// Arguments as no client would make them.
private struct RandomArguments {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    private mutating func next(_ limit: Int) -> Int {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Int(state % UInt64(limit))
    }

    private static let plain = [
        "to", "subject", "full_name", "metadata", "attachments", "n", "", "date", "ключ", "media_urls",
    ]
    private static let hushed =
        Array(AuditArguments.bodies) + [
            "Body", "smtp_password", "apiKey", "X-Api-Key", "token", "auth", "PIN", "pass word",
        ]

    mutating func object(depth: Int, isHushed: Bool) -> JSON.Object {
        var object = JSON.Object()
        for _ in 0..<next(7) {
            let isSecret = next(3) == 0
            let names = isSecret ? Self.hushed : Self.plain
            let name = names[next(names.count)]
            object[name] = value(depth: depth + 1, isHushed: isHushed || isSecret)
        }
        return object
    }

    private mutating func value(depth: Int, isHushed: Bool) -> JSON {
        switch next(depth > 9 ? 5 : 8) {
        case 0: return .integer(next(1000))
        case 1: return .bool(true)
        case 2: return .null
        case 3, 4: return .string(text(isHushed))
        case 5: return .array((0..<next(4)).map { _ in value(depth: depth + 1, isHushed: isHushed) })
        default: return .object(object(depth: depth + 1, isHushed: isHushed))
        }
    }

    private mutating func text(_ isHushed: Bool) -> String {
        if isHushed { return "HUSH \(next(100))" }
        switch next(5) {
        case 0: return "https://ann:HUSH@example.test/a?b=HUSH#HUSH"
        case 1: return String(repeating: "long ", count: 24 + next(2000)) + "HUSH"
        case 2: return "first http://a.test then ftp://b:HUSH@c.test/?HUSH"
        case 3: return String(repeating: "\u{301}", count: 130) + "HUSH"
        default: return "plain \u{202E} \u{0} text"
        }
    }
}
