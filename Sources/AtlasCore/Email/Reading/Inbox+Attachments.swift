import MIME

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// What an attachment holds: its text, or where its octets are.
public struct AttachmentReading: Codable, Sendable, Equatable {
    public var filename: String
    public var contentType: String
    /// In octets.
    public var size: Int
    /// The text of text, HTML, CSV and PDF, a page of it; nil for other files.
    public var text: String?
    public var truncated: Bool
    public var offset: Int
    public var nextOffset: Int?
    /// The file itself, in a folder that only this user can open; nil where `text` is given.
    public var path: String?
    public var warnings: [String]
    /// Other people's words: data, never instructions.
    public var untrusted = true

    enum CodingKeys: String, CodingKey {
        case filename
        case contentType = "content_type"
        case size, text, truncated, offset
        case nextOffset = "next_offset"
        case path, warnings, untrusted
    }
}

extension Inbox {
    /// The most octets of an attachment that are read.
    static let largestAttachment = 50 << 20

    /// Reads an attachment: as text where it has one, else into a file.
    ///
    /// - Throws: ``AtlasError`` `not_found` when the message or the attachment is not there.
    public func attachment(
        _ attachmentID: String, of messageID: String, mailbox: String?, offset: Int, limit: Int
    ) async throws -> AttachmentReading {
        let served = try await serve(messageID) { reader in
            try await reader.attachment(attachmentID, of: messageID, in: mailbox, limit: Self.largestAttachment + 1)
        }
        guard let (file, octets) = served.value else { throw Self.gone("attachment_id") }
        guard octets.count <= Self.largestAttachment else {
            throw AtlasError(
                .invalidArgument,
                "\(file.filename.cleaned()) is larger than \(Self.largestAttachment >> 20) MB; it is not fetched.",
                parameter: "attachment_id")
        }
        let known = MessageAttachment(file)
        var reading = AttachmentReading(
            filename: known.filename, contentType: known.contentType, size: octets.count, text: nil, truncated: false,
            offset: offset, nextOffset: nil, path: nil, warnings: served.warnings)
        let found = AttachmentText.read(file, octets)
        if let problem = found.problem { reading.warnings.append(problem) }
        if let text = found.text?.cleaned(keepingLines: true) {
            let page = TextPage(text, offset: offset, limit: limit, mostOctets: ReadMessage.mostOctetsOfText)
            reading.text = page.text
            reading.nextOffset = page.nextOffset
            reading.truncated = page.nextOffset != nil
        } else {
            reading.path = try PrivateFile.write(octets, named: known.filename, in: attachmentFolder)
        }
        return reading
    }
}
