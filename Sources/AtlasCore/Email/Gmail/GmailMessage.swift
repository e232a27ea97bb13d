import JSON
import MIME

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A message resource of Gmail's (Gmail API, "Resource: Message").
struct GmailMessage: Sendable {
    let id: String
    let threadID: String
    let labels: Set<String>
    let snippet: String
    /// When Google took it.
    let arrival: Date
    var payload: GmailPayload

    /// - Returns: nil for what is no message.
    init?(_ json: JSON) {
        guard let id = json["id"]?.text, GmailID.isRaw(id) else { return nil }
        self.id = id
        threadID = json["threadId"]?.text.flatMap { GmailID.isRaw($0) ? $0 : nil } ?? id
        labels = Set((json["labelIds"]?.items ?? []).compactMap(\.text))
        snippet = EscapedText.plain(json["snippet"]?.text ?? "").cleaned()
        // Milliseconds since 1970, as a string.
        arrival = Date(timeIntervalSince1970: Double(json["internalDate"]?.wholeNumber ?? 0) / 1000)
        payload = GmailPayload(json["payload"])
    }

    var summary: MessageSummary {
        let header = payload.root.header
        func people(_ name: String) -> [String] { header.addresses(name).map { $0.text.cleaned() } }
        return MessageSummary(
            id: GmailID.message(id), threadID: GmailID.thread(threadID), mailbox: mailbox, from: people("From").first,
            to: people("To"), cc: people("Cc"), subject: header.subject?.cleaned() ?? "", date: header.date ?? arrival,
            messageID: header.messageID?.cleaned(), inReplyTo: header.inReplyTo.first?.cleaned(),
            unread: labels.contains("UNREAD"), flagged: labels.contains("STARRED"),
            hasAttachments: !payload.root.attachedFiles.isEmpty, snippet: snippet)
    }

    /// Where a mail program would show it. What has none of these labels is in the archive, which is all mail.
    private var mailbox: String {
        for label in ["TRASH", "SPAM", "INBOX", "DRAFT", "SENT"] where labels.contains(label) { return label }
        return "ALL"
    }
}

/// Text with the five entities and the numbered characters of HTML in it, as Gmail writes snippets.
enum EscapedText {
    static func plain(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "&")) else { return text }
        var result = ""
        var rest = text[...]
        while let start = rest.firstIndex(of: "&") {
            result += rest[..<start]
            rest = rest[start...]
            guard let end = rest.prefix(10).firstIndex(of: ";"),
                let character = character(rest[rest.index(after: start)..<end])
            else {
                result.append("&")
                rest = rest.dropFirst()
                continue
            }
            result.unicodeScalars.append(character)
            rest = rest[rest.index(after: end)...]
        }
        return result + rest
    }

    private static func character(_ name: Substring) -> Unicode.Scalar? {
        switch name {
        case "amp": return "&"
        case "lt": return "<"
        case "gt": return ">"
        case "quot": return "\""
        case "apos": return "'"
        case "nbsp": return " "
        default: break
        }
        guard name.hasPrefix("#") else { return nil }
        let digits = name.dropFirst()
        let code = digits.lowercased().hasPrefix("x") ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
        return code.flatMap(Unicode.Scalar.init)
    }
}
