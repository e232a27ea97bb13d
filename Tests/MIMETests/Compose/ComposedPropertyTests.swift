import Foundation
import Testing

@testable import MIME

@Suite("Messages of random words")
struct ComposedPropertyTests {
    @Test("Python reads in each of them what was put in", arguments: [1, 2, 3] as [UInt64])
    func roundTrip(seed: UInt64) throws {
        var words = RandomWords(seed: seed)
        let mails = (0..<250).map { random(&words, number: $0) }
        let composed = try mails.map { try $0.composed() }
        let read = try PythonMail.reading(composed)
        try #require(read.count == mails.count)
        for (index, (mail, read)) in zip(mails, read).enumerated() {
            let comment = Comment("case \(index) of seed \(seed)")
            #expect(isTransmittable(composed[index]), comment)
            #expect(read.texts("defects").isEmpty, comment)
            #expect(read.text("subject") == HeaderText.cleaned(mail.subject), comment)
            #expect(read.mailboxes("from") == mailboxes([mail.from]), comment)
            #expect(read.mailboxes("reply-to") == mailboxes(mail.replyTo), comment)
            #expect(read.mailboxes("to") == mailboxes(mail.to), comment)
            #expect(read.mailboxes("cc") == mailboxes(mail.cc), comment)
            #expect(read.plain?.octets == Array(arrived(mail.text).utf8), comment)
            #expect(read.html?.octets == mail.html.map { Array(arrived($0).utf8) }, comment)
            #expect(
                read.attachments.map { $0.text("filename") } == mail.attachments.map { named($0.filename) }, comment)
            #expect(read.attachments.map(\.octets) == mail.attachments.map(\.octets), comment)
            checkHeader(composed[index], comment)
        }
    }

    @Test("Our own reader reads in each of them what was put in", arguments: [4, 5] as [UInt64])
    func ownRoundTrip(seed: UInt64) throws {
        var words = RandomWords(seed: seed)
        for number in 0..<250 {
            let mail = random(&words, number: number)
            let read = MailMessage(parsing: try mail.composed())
            let comment = Comment("case \(number) of seed \(seed)")
            #expect(read.problems.isEmpty, comment)
            #expect(read.header.subject ?? "" == HeaderText.cleaned(mail.subject), comment)
            #expect(read.header.date == mail.date, comment)
            #expect(read.header.messageID == mail.messageID, comment)
            for (field, given) in [("From", [mail.from]), ("Reply-To", mail.replyTo), ("To", mail.to), ("Cc", mail.cc)]
            {
                let found = read.header.addresses(field).map { [$0.name ?? "", $0.address] }
                #expect(found == mailboxes(given), "\(field) of \(comment)")
            }
            let texts = read.root.allParts.filter { $0.contentType.type == "text" && $0.disposition == nil }
            let expected = [mail.text] + [mail.html].compactMap(\.self)
            #expect(
                texts.map { Array($0.decodedText().text.utf8) } == expected.map { Array(arrived($0).utf8) }, comment)
            let files = read.root.allParts.filter { $0.disposition?.isAttachment == true }
            #expect(files.count == mail.attachments.count, comment)
            for (file, given) in zip(files, mail.attachments) where isSafe(named(given.filename)) {
                #expect(file.filename == named(given.filename), comment)
            }
            #expect(files.map { $0.decodedContent() } == mail.attachments.map(\.octets), comment)
        }
    }

    /// Whether the reader leaves a name as it is: paths, and what nobody sees, it takes off.
    private func isSafe(_ filename: String) -> Bool {
        !filename.hasPrefix(".")
            && filename.unicodeScalars.allSatisfy {
                $0 != "/" && $0 != "\\" && $0.properties.generalCategory != .format
            }
    }

    private func checkHeader(_ octets: [UInt8], _ comment: Comment) {
        let known: Set = [
            "Date", "From", "Reply-To", "To", "Cc", "Subject", "Message-ID", "MIME-Version", "Content-Type",
            "Content-Transfer-Encoding",
        ]
        for line in headerLines(octets) {
            #expect(line.utf8.count <= 78, comment)
            #expect(!line.allSatisfy { $0 == " " || $0 == "\t" }, comment)
            if line.first != " " { #expect(known.contains(String(line.prefix { $0 != ":" })), comment) }
            for word in line.split(separator: " ") where word.hasPrefix("=?") {
                #expect(word.utf8.count <= 75, comment)
            }
        }
    }

    private func mailboxes(_ addresses: [MailAddress]) -> [[String]] {
        addresses.map { [HeaderText.cleaned($0.name ?? ""), $0.address] }
    }

    private func named(_ filename: String) -> String {
        let cleaned = HeaderText.cleaned(filename)
        return cleaned.isEmpty ? "attachment" : cleaned
    }

    private func random(_ words: inout RandomWords, number: Int) -> OutgoingMail {
        func address(_ words: inout RandomWords, _ role: String) -> MailAddress {
            MailAddress(
                name: Bool.random(using: &words) ? words.text(6) : nil, address: "\(role).\(number)@example.com")
        }
        var mail = letter(subject: words.text(12), text: words.text(60))
        mail.messageID = "\(number)@example.com"
        mail.from = address(&words, "from")
        mail.replyTo = number % 3 == 0 ? [address(&words, "reply")] : []
        mail.to = (0...number % 4).map { address(&words, "to\($0)") }
        mail.cc = (0..<number % 3).map { address(&words, "cc\($0)") }
        mail.html = number % 2 == 0 ? "<p>\(words.text(60))</p>" : nil
        mail.attachments = (0..<(number % 5 == 0 ? 2 : 0))
            .map { _ in
                let octets = (0..<Int.random(in: 0...200, using: &words)).map { _ in
                    UInt8.random(in: .min ... .max, using: &words)
                }
                return .init(
                    filename: String(words.text(4).unicodeScalars.prefix(50)), contentType: "application/pdf",
                    octets: octets)
            }
        return mail
    }
}

/// Words of many scripts, and of the characters that mean something in headers; the same for the same seed (SplitMix64).
struct RandomWords: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    private static let pieces = [
        "hello", "Estimate", "x", "für", "Straße", "日本語", "テスト", "Привет", "שלום", "مرحبا", "हिन्दी", "🧹", "👩‍👩‍👧‍👦", "🇪🇸",
        "e\u{301}\u{302}", "ﬁ",
        "\"", "\\", ",", ";", ":", "<", ">", "@", "(", ")", "[", "]", "=", "?", "_", "=?utf-8?q?x?=", "=?", "?=", ".",
        "..", "'", "%41",
        "*", "--", "\t", "\r", "\n", "\r\n", "\r\nBcc: evil@example.com\r\n", "\u{0}", "\u{7F}", "\u{85}", "\u{2028}",
        "\u{200B}", "\u{202E}",
        "\u{10FFFF}", "\u{FFFD}", "From ", ".\r\n", "  ", "          ", "a/b", "C:\\x", "=\r\n",
        String(repeating: "w", count: 90),
        String(repeating: "長", count: 50), "e" + String(repeating: "\u{301}", count: 60),
    ]

    mutating func text(_ most: Int) -> String {
        let isPlain = Int.random(in: 0..<4, using: &self) == 0
        let count = Int.random(in: 0...most, using: &self)
        return (0..<count).map { _ in isPlain ? ["one", "two,", "three", "(4)"].randomElement(using: &self)! : piece() }
            .joined(separator: isPlain || Bool.random(using: &self) ? " " : "")
    }

    private mutating func piece() -> String {
        if Int.random(in: 0..<6, using: &self) > 0 { return Self.pieces.randomElement(using: &self) ?? "" }
        let scalars = (0..<4).compactMap { _ in Unicode.Scalar(UInt32.random(in: 0x20...0x1_FFFF, using: &self)) }
        return String(String.UnicodeScalarView(scalars))
    }
}
