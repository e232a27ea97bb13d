import JSON
import MIME

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A message as Resend takes it (Resend, "Send Email"): Resend writes the octets.
struct ResendMessage {
    let json: JSON

    /// - Throws: ``CompositionError`` when an address cannot be written.
    init(_ message: OutgoingMail) throws(CompositionError) {
        var members: JSON.Object = [:]
        members.append("from", .string(try Self.written(message.from, as: .from)))
        members.append("to", try Self.list(message.to, as: .to))
        if !message.cc.isEmpty { members.append("cc", try Self.list(message.cc, as: .cc)) }
        if !message.bcc.isEmpty { members.append("bcc", try Self.list(message.bcc, as: .bcc)) }
        if !message.replyTo.isEmpty { members.append("reply_to", try Self.list(message.replyTo, as: .replyTo)) }
        members.append("subject", .string(message.subject.cleaned()))
        members.append("text", .string(message.text))
        if let html = message.html { members.append("html", .string(html)) }
        members.append("headers", .object(Self.headers(of: message)))
        if !message.attachments.isEmpty {
            members.append("attachments", .array(message.attachments.map(Self.attachment)))
        }
        json = .object(members)
    }

    /// What makes it an answer, and what others will answer to.
    private static func headers(of message: OutgoingMail) -> JSON.Object {
        func bracketed(_ id: String) -> String { "<\(id.cleaned().filter { !"<> ".contains($0) })>" }
        var headers: JSON.Object = [:]
        headers.append("Message-ID", .string(bracketed(message.messageID)))
        if let answered = message.inReplyTo { headers.append("In-Reply-To", .string(bracketed(answered))) }
        if !message.references.isEmpty {
            headers.append("References", .string(message.references.suffix(20).map(bracketed).joined(separator: " ")))
        }
        return headers
    }

    private static func attachment(_ file: OutgoingMail.Attachment) -> JSON {
        [
            "filename": .string(file.filename.cleaned()), "content": .string(Data(file.octets).base64EncodedString()),
            "content_type": .string(file.contentType),
        ]
    }

    private static func list(_ addresses: [MailAddress], as part: CompositionError.Part) throws(CompositionError)
        -> JSON
    {
        var texts: [JSON] = []
        for address in addresses { texts.append(.string(try written(address, as: part))) }
        return .array(texts)
    }

    /// `Name <address>`; a name with more in it than words stands in quotes (RFC 5322, 3.4).
    private static func written(_ address: MailAddress, as part: CompositionError.Part) throws(CompositionError)
        -> String
    {
        let bare = try address.transmitted(as: part)
        let name = address.name?.cleaned() ?? ""
        guard !name.isEmpty else { return bare }
        let isPlain = name.unicodeScalars.allSatisfy {
            $0.properties.isAlphabetic || $0 == " " || $0 == "-" || $0 == "'" || (0x30...0x39).contains($0.value)
        }
        if isPlain { return "\(name) <\(bare)>" }
        let escaped = name.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        return "\"\(escaped)\" <\(bare)>"
    }
}
