/// One entity of a message (RFC 2045, 2.4): a header, and content or further parts.
public struct MIMEPart: Sendable {
    /// Where it is in the message, numbered as IMAP does (RFC 3501, 6.4.5): `1`, `2.1`; empty for the message itself when it has parts.
    public var section: String
    public var header: MailHeader
    public var contentType: ContentType
    public var disposition: ContentDisposition?
    public var encoding: TransferEncoding
    /// Still transfer-encoded; nil for a multipart, and when it was not fetched. An embedded message has its content and a child.
    public var content: ArraySlice<UInt8>?
    /// Octets of the content as transferred.
    public var size: Int
    /// The parts of a multipart; the one message in a message/rfc822.
    public var children: [MIMEPart]

    public init(
        section: String, header: MailHeader = MailHeader(), contentType: ContentType = ContentType(),
        disposition: ContentDisposition? = nil, encoding: TransferEncoding = .identity,
        content: ArraySlice<UInt8>? = nil,
        size: Int = 0, children: [MIMEPart] = []
    ) {
        self.section = section
        self.header = header
        self.contentType = contentType
        self.disposition = disposition
        self.encoding = encoding
        self.content = content
        self.size = size
        self.children = children
    }
}

/// `Content-Type` (RFC 2045, 5). Text in us-ascii where nothing is said.
public struct ContentType: Sendable, Equatable {
    /// In lower case.
    public var type: String
    /// In lower case.
    public var subtype: String
    /// By their names in lower case; values decoded (RFC 2231).
    public var parameters: [String: String]

    public init(type: String = "text", subtype: String = "plain", parameters: [String: String] = [:]) {
        self.type = type
        self.subtype = subtype
        self.parameters = parameters
    }

    public var mediaType: String { "\(type)/\(subtype)" }
}

/// `Content-Disposition` (RFC 2183).
public struct ContentDisposition: Sendable, Equatable {
    public var isAttachment: Bool
    /// Decoded (RFC 2231, and the RFC 2047 that many write instead), without any path.
    public var filename: String?

    public init(isAttachment: Bool, filename: String? = nil) {
        self.isAttachment = isAttachment
        self.filename = filename
    }
}

/// `Content-Transfer-Encoding` (RFC 2045, 6).
public enum TransferEncoding: Sendable, Equatable {
    /// 7bit, 8bit and binary.
    case identity
    case quotedPrintable
    case base64
    /// One that no standard knows, taken as it is.
    case unknown(String)
}
