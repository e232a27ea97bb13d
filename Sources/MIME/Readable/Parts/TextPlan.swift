/// Which parts of a message make its text, and how: decided by its structure alone, so that it holds before anything is fetched.
struct TextPlan {
    struct Step {
        enum Kind {
            /// One part of text.
            case text(MIMEPart)
            /// The same said in several ways (RFC 2046, 5.1.4).
            case choice(plain: [MIMEPart], rich: [MIMEPart])
            case calendar(MIMEPart)
            case report(MIMEPart)
            /// What follows, one level down, is the text of this message.
            case message(MIMEPart)
        }

        var kind: Kind
        /// How many messages it is in, below the one that is read.
        var level: Int
    }

    private(set) var steps: [Step] = []
    private(set) var problems: [String] = []

    private static let mostMessages = 10
    private static let deepestMessage = 3
    private static let mostSteps = 50

    init(_ root: MIMEPart) {
        var waiting: [(part: MIMEPart, level: Int)] = [(root, 0)]
        var messages = 0
        while let (part, level) = waiting.popLast() {
            guard steps.count < Self.mostSteps else {
                say("The message has more texts than are read.")
                return
            }
            if part.contentType.isEmbeddedMessage {
                guard let message = part.children.first else { continue }
                messages += 1
                guard messages <= Self.mostMessages, level < Self.deepestMessage else {
                    say("The message holds more messages than are read.")
                    continue
                }
                steps.append(Step(kind: .message(message), level: level))
                waiting.append((message, level + 1))
            } else if part.contentType.type == "multipart" {
                waiting += insides(of: part, level).reversed().map { ($0, level) }
            } else if let kind = leaf(part) {
                steps.append(Step(kind: kind, level: level))
            }
        }
    }

    private mutating func say(_ problem: String) {
        if !problems.contains(problem) { problems.append(problem) }
    }

    /// The parts of a multipart that are to be looked at.
    private mutating func insides(of part: MIMEPart, _ level: Int) -> [MIMEPart] {
        switch part.contentType.subtype {
        case "alternative":
            let choice = Self.choice(of: part)
            if !choice.plain.isEmpty || !choice.rich.isEmpty {
                steps.append(Step(kind: .choice(plain: choice.plain, rich: choice.rich), level: level))
            }
            return choice.others
        case "related":
            return part.relatedRoot.map { [$0] } ?? []
        case "signed":
            return Array(part.children.prefix(1))
        case "encrypted":
            let isPGP = part.contentType.parameters["protocol"]?.lowercased().contains("pgp") ?? true
            say("The message is encrypted (\(isPGP ? "OpenPGP" : "S/MIME")), so its text cannot be read here.")
            return []
        case "report":
            // What comes back of the message that failed is no text of this one.
            return part.children.filter {
                !$0.contentType.isEmbeddedMessage && $0.contentType.subtype != "rfc822-headers"
            }
        default:
            return part.children
        }
    }

    private mutating func leaf(_ part: MIMEPart) -> Step.Kind? {
        let type = part.contentType
        switch type.mediaType {
        case "message/delivery-status", "message/global-delivery-status", "message/disposition-notification",
            "message/global-disposition-notification":
            return .report(part)
        case "application/pkcs7-mime", "application/x-pkcs7-mime":
            say(
                type.parameters["smime-type"]?.lowercased() == "signed-data"
                    ? "The message is wrapped in its signature (S/MIME), so its text cannot be read here."
                    : "The message is encrypted (S/MIME), so its text cannot be read here.")
            return nil
        case "text/calendar":
            return part.isAttachment ? nil : .calendar(part)
        case "text/rtf", "application/rtf":
            if !part.isAttachment, part.filename == nil {
                say("A part of the message is rich text (RTF), which is not read.")
            }
            return nil
        default:
            return part.isText ? .text(part) : nil
        }
    }

    /// Takes a multipart/alternative apart, with what stands in it.
    private static func choice(of part: MIMEPart) -> (plain: [MIMEPart], rich: [MIMEPart], others: [MIMEPart]) {
        var plain: [MIMEPart] = []
        var rich: [MIMEPart] = []
        var others: [MIMEPart] = []
        for child in part.children {
            let leaves = child.textLeaves
            // Later ones are the better ones.
            let texts = leaves.filter {
                $0.isText && $0.contentType.subtype != "x-amp-html" && $0.contentType.subtype != "watch-html"
            }
            if texts.contains(where: { $0.contentType.subtype == "html" }) {
                rich = texts
            } else if !texts.isEmpty, plain.isEmpty || texts.contains(where: { $0.contentType.subtype == "plain" }) {
                plain = texts
            }
            others += leaves.filter { $0.contentType.mediaType == "text/calendar" }
        }
        return (plain, rich, Array(others.prefix(1)))
    }
}

extension MIMEPart {
    var isAttachment: Bool { disposition?.isAttachment ?? false }

    /// Whether it is shown as text in the message: what else is `text/…` is so when it is not a file.
    var isText: Bool {
        guard contentType.type == "text", !isAttachment else { return false }
        switch contentType.subtype {
        case "plain", "html", "enriched", "richtext": return true
        case "calendar", "rtf", "rfc822-headers", "x-amp-html", "watch-html", "vcard", "x-vcard", "directory", "css",
            "javascript":
            return false
        default: return filename == nil
        }
    }

    /// The part of a multipart/related that the others belong to (RFC 2387, 3.2).
    var relatedRoot: MIMEPart? {
        guard let start = contentType.parameters["start"] else { return children.first }
        return children.first { $0.header["Content-ID"]?.trimmedBlanks == start.trimmedBlanks } ?? children.first
    }

    /// The parts without parts below this one, those of embedded messages and of what is only related left out.
    var textLeaves: [MIMEPart] {
        var leaves: [MIMEPart] = []
        var waiting = [self]
        while let part = waiting.popLast(), leaves.count < 100 {
            if part.contentType.type != "multipart" {
                if !part.contentType.isEmbeddedMessage { leaves.append(part) }
            } else if part.contentType.subtype == "related" {
                if let root = part.relatedRoot { waiting.append(root) }
            } else {
                waiting += part.children.reversed()
            }
        }
        return leaves
    }
}
