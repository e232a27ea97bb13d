#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A message to be sent, before it is octets.
public struct OutgoingMail: Sendable {
    public struct Attachment: Sendable, Equatable {
        public var filename: String
        /// A media type, like `application/pdf`.
        public var contentType: String
        public var octets: [UInt8]

        public init(filename: String, contentType: String, octets: [UInt8]) {
            self.filename = filename
            self.contentType = contentType
            self.octets = octets
        }
    }

    public var from: MailAddress
    public var replyTo: [MailAddress] = []
    public var to: [MailAddress] = []
    public var cc: [MailAddress] = []
    /// Recipients that no header names.
    public var bcc: [MailAddress] = []
    public var subject: String
    public var text: String
    /// The same for readers of HTML.
    public var html: String?
    public var attachments: [Attachment] = []
    public var date: Date
    /// Seconds east of Greenwich, for the Date field.
    public var utcOffset: Int
    /// Without angle brackets, as are the two below.
    public var messageID: String
    public var inReplyTo: String?
    public var references: [String] = []

    public init(from: MailAddress, subject: String, text: String, date: Date, utcOffset: Int, messageID: String) {
        self.from = from
        self.subject = subject
        self.text = text
        self.date = date
        self.utcOffset = utcOffset
        self.messageID = messageID
    }

    /// Everybody it goes to, each address once, in the order To, Cc, Bcc.
    public var recipients: [String] {
        var seen: Set<String> = []
        return (to + cc + bcc).map(\.address).filter { seen.insert($0.lowercased()).inserted }
    }
}
