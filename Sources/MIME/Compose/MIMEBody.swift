/// The body of a message that is written, and the header fields that say what it is (RFC 2045 and 2046): text alone, text and HTML
/// as alternatives, and either with files beside it.
struct MIMEBody {
    private let text: TextContent
    private let html: TextContent?
    private let attachments: [OutgoingMail.Attachment]
    private let boundaries: Boundaries

    init(of mail: OutgoingMail) {
        text = TextContent(mail.text)
        html = mail.html.map(TextContent.init)
        attachments = mail.attachments
        boundaries = Boundaries(for: mail.messageID, avoiding: [text, html].compactMap(\.self))
    }

    var estimatedSize: Int {
        attachments.reduce((text.octets.count + (html?.octets.count ?? 0)) * 3 / 2 + 2000) {
            $0 + $1.octets.count / 57 * 78 + 2000
        }
    }

    /// From `Content-Type` to the end of the message.
    func write(to output: inout [UInt8]) {
        guard !attachments.isEmpty else { return writeText(to: &output) }
        Self.multipart("mixed", boundaries.outer, to: &output)
        Self.delimiter(boundaries.outer, to: &output)
        writeText(to: &output)
        for attachment in attachments {
            Self.delimiter(boundaries.outer, to: &output)
            AttachmentPart(attachment).write(to: &output)
        }
        Self.delimiter(boundaries.outer, isLast: true, to: &output)
    }

    private func writeText(to output: inout [UInt8]) {
        guard let html else { return Self.part("plain", text, to: &output) }
        Self.multipart("alternative", boundaries.inner, to: &output)
        // The plainest first (RFC 2046, 5.1.4).
        Self.delimiter(boundaries.inner, to: &output)
        Self.part("plain", text, to: &output)
        Self.delimiter(boundaries.inner, to: &output)
        Self.part("html", html, to: &output)
        Self.delimiter(boundaries.inner, isLast: true, to: &output)
    }

    private static func part(_ subtype: String, _ content: TextContent, to output: inout [UInt8]) {
        var header = HeaderWriter()
        header.parameters("Content-Type", "text/\(subtype)", ["charset=\(content.charset)"])
        header.raw("Content-Transfer-Encoding", content.encoding.rawValue)
        output += header.octets + [0x0D, 0x0A]
        content.write(to: &output)
    }

    private static func multipart(_ subtype: String, _ boundary: String, to output: inout [UInt8]) {
        var header = HeaderWriter()
        header.parameters("Content-Type", "multipart/\(subtype)", ["boundary=\"\(boundary)\""])
        output += header.octets
    }

    /// The line end before the dashes belongs to the delimiter (RFC 2046, 5.1.1): the text before it keeps its own.
    private static func delimiter(_ boundary: String, isLast: Bool = false, to output: inout [UInt8]) {
        output += "\r\n--\(boundary)\(isLast ? "--" : "")\r\n".utf8
    }
}

/// Boundaries that stand in no content (RFC 2046, 5.1.1), the same for the same message.
struct Boundaries {
    let outer: String
    let inner: String

    /// They begin with `=_`, which neither quoted-printable nor base64 ever has; only text that is sent as it is must be searched.
    init(for messageID: String, avoiding contents: [TextContent]) {
        let plain = contents.filter { $0.encoding == .sevenBit }.map(\.octets)
        // FNV-1a: nothing secret, only a name.
        let hash = messageID.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
        var attempt = 0
        var stem = ""
        // Ends: a text of finite length holds finitely many of the stems.
        repeat {
            stem = "=_\(String(hash, radix: 36))_\(attempt)_"
            attempt += 1
        } while plain.contains { $0.contains(stem.utf8) }
        outer = stem + "1"
        inner = stem + "2"
    }
}
