/// A file as a part of a message (RFC 2183), always in base64, so that its octets arrive as they left.
struct AttachmentPart {
    private let attachment: OutgoingMail.Attachment

    init(_ attachment: OutgoingMail.Attachment) { self.attachment = attachment }

    func write(to output: inout [UInt8]) {
        let filename = Self.filename(attachment.filename)
        var header = HeaderWriter()
        let type = Self.mediaType(attachment.contentType)
        header.parameters("Content-Type", type.name, type.parameters + ParameterWriter.parameters("name", filename))
        header.parameters("Content-Disposition", "attachment", ParameterWriter.parameters("filename", filename))
        header.raw("Content-Transfer-Encoding", "base64")
        output += header.octets + [0x0D, 0x0A]
        ContentEncoder.base64Lines(attachment.octets, to: &output)
    }

    /// At most 255 octets, as file systems have it, on one line; the end stays.
    private static func filename(_ name: String) -> String {
        let name = HeaderText.cleaned(name)
        guard name.utf8.count > 255 else { return name.isEmpty ? "attachment" : name }
        var end = Array(name.unicodeScalars.suffix(16))
        if let dot = end.lastIndex(of: ".") { end.removeFirst(dot) } else { end = [] }
        let endSize = end.reduce(0) { $0 + UTF8.width($1) }
        var size = 0
        let start = name.unicodeScalars.prefix { scalar in
            size += UTF8.width(scalar)
            return size + endSize <= 255
        }
        return String(String.UnicodeScalarView(start + end))
    }

    /// A type and subtype of RFC 2045's tokens, and its charset; `application/octet-stream` for anything else.
    ///
    /// A message or multipart must not be in base64 (RFC 2046, 5.2.1): it goes as a file of octets.
    private static func mediaType(_ text: String) -> (name: String, parameters: [String]) {
        let octetStream: (String, [String]) = ("application/octet-stream", [])
        let pieces = text.split(separator: ";", maxSplits: 1, omittingEmptySubsequences: false)
        let names = pieces[0].lowercased().split(separator: "/", omittingEmptySubsequences: false).map { trimmed($0) }
        guard names.count == 2, names.allSatisfy({ isToken($0) && $0.utf8.count <= 127 }) else { return octetStream }
        if names[0] == "message" || names[0] == "multipart" { return octetStream }
        let name = "\(names[0])/\(names[1])"
        guard pieces.count == 2, names[0] == "text" else { return (name, []) }
        let parameter = pieces[1].split(separator: "=", omittingEmptySubsequences: false).map { trimmed($0) }
        guard parameter.count == 2, parameter[0].lowercased() == "charset" else { return (name, []) }
        let charset = parameter[1].filter { $0 != "\"" }
        return (name, isToken(charset) && charset.utf8.count <= 40 ? ["charset=\(charset)"] : [])
    }

    private static func trimmed(_ text: some StringProtocol) -> String {
        String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }

    private static func isToken(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { HeaderText.isAtomText($0) && !"/=?".utf8.contains($0) }
    }
}
