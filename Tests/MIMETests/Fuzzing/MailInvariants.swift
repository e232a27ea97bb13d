import Foundation
import MIME

/// What holds for every message, however it is broken.
enum MailInvariants {
    /// What does not hold, a sentence each. Reads everything that can be read of it.
    static func broken(_ octets: [UInt8]) -> [String] {
        var broken: [String] = []
        func expect(_ holds: Bool, _ sentence: @autoclosure () -> String) { if !holds { broken.append(sentence()) } }
        let mail = MailMessage(parsing: octets)
        let parts = mail.root.allParts
        expect(parts.count <= 1000, "more than 1000 parts")
        expect(Set(parts.map(\.section)).count == parts.count, "sections are not unique: \(parts.map(\.section))")
        expect(mail.problems.count <= 20, "too many problems")
        for part in parts {
            let size = part.content?.count ?? part.size
            expect(part.size == size, "the size of \(part.section) is not its content's")
            expect(part.size <= octets.count, "\(part.section) is larger than the message")
            if let content = part.content {
                expect(
                    content.startIndex >= 0 && content.endIndex <= octets.count
                        && content.elementsEqual(octets[content.startIndex..<content.endIndex]),
                    "\(part.section) is no slice of the message")
            }
            expect(
                part.children.isEmpty || part.contentType.type == "multipart" || part.children.count == 1,
                "children of a leaf")
            for child in part.children {
                expect(child.size <= part.size, "\(child.section) is larger than what it is in")
            }
            expect(part.header.fields.count <= 1000, "too many fields in \(part.section)")
            let decoded = part.decodedContent(limit: 100_000)
            expect(decoded.count <= max(part.size * 45, 100_000), "\(part.section) has grown")
            expect(part.decodedContent(limit: 10).elementsEqual(decoded.prefix(10)), "\(part.section) is cut otherwise")
            expect(
                part.decodedText(limit: 100_000).text.utf8.count <= 100_001 * 4 + 16,
                "the text of \(part.section) has grown")
            expect(
                part.filename.map { $0.utf8.count <= 200 && !$0.contains("/") && !$0.isEmpty } ?? true,
                "name of \(part.section)")
            broken += brokenFields(part.header)
        }
        return broken
    }

    private static func brokenFields(_ header: MailHeader) -> [String] {
        var broken: [String] = []
        for name in ["From", "To", "Cc", "Subject", "Content-Type", "Received"] {
            for mailbox in header.addresses(name) {
                if mailbox.address.isEmpty || mailbox.name?.isEmpty == true {
                    broken.append("an empty mailbox in \(name)")
                }
                if mailbox.address.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) {
                    broken.append("controls in an address of \(name)")
                }
            }
        }
        for field in header.fields.prefix(50) {
            let value = header[field.name]
            if value == nil { broken.append("\(field.name) is not found") }
            if field.value.contains(where: { $0 == 0x0A || $0 == 0x0D }) {
                broken.append("a line end in \(field.name)")
            }
            if field.value.count > 64 << 10 { broken.append("\(field.name) is too long") }
            _ = ContentType(parsing: field.value)
            _ = ContentDisposition(parsing: field.value)
        }
        for name in ["Date", "Received", "Subject", "Message-ID"] {
            guard let value = header[name] else { continue }
            let dated = MailHeader(fields: [MailHeader.Field(name: "Date", value: Array(value.utf8))])
            if let date = dated.date, abs(date.timeIntervalSince1970) > 300_000_000_000 {
                broken.append("a date that is none")
            }
        }
        _ = header.references.count + header.inReplyTo.count + (header.messageID?.count ?? 0)
        return broken
    }
}
