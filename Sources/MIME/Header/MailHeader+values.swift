#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension MailHeader {
    /// The first field of the name, for a reader: encoded words (RFC 2047) decoded.
    public subscript(_ name: String) -> String? { octets(name).map { EncodedWord.decode($0) } }

    /// All fields of the name in their order, decoded.
    public func values(_ name: String) -> [String] {
        fields.lazy.filter { $0.isNamed(name) }.map { EncodedWord.decode($0.value) }
    }

    /// The mailboxes of all fields of the name, those in groups too.
    public func addresses(_ name: String) -> [MailAddress] {
        var addresses: [MailAddress] = []
        for field in fields where field.isNamed(name) && addresses.count < MailLimits.addresses {
            // Names are decoded after the list is taken apart: a comma in an encoded word separates nothing (RFC 2047, 6.1).
            addresses += MailAddress.list(parsing: field.value[...].guessedText)
        }
        return Array(addresses.prefix(MailLimits.addresses))
    }

    public var subject: String? { self["Subject"] }

    /// When the message was written, as its writer's clock says (RFC 5322, 3.6.1); nil where that cannot be read.
    public var date: Date? { octets("Date").flatMap { MailDate.parse($0[...]) } }

    /// Without angle brackets.
    public var messageID: String? { identifiers("Message-ID").first }

    /// Message-IDs without angle brackets.
    public var inReplyTo: [String] { identifiers("In-Reply-To") }

    /// Message-IDs without angle brackets, the oldest first.
    public var references: [String] { identifiers("References") }
}
