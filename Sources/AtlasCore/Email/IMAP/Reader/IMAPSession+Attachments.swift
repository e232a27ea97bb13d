import MIME

extension IMAPSession {
    /// Octets that are asked for at once.
    private static let chunk = 1 << 20

    /// An attached file of a message: at most `limit` octets of it after decoding.
    ///
    /// - Returns: nil when there is no such message or no such file in it.
    func attachment(
        _ section: String, of message: IMAPReader.Location, limit: Int
    ) async throws -> (file: AttachedFile, octets: [UInt8])? {
        let uid = message.uid
        let command = IMAPCommand("UID FETCH", "\(uid) (UID BODYSTRUCTURE)")
        let replies = try await run([command], in: message.mailbox.wireName)
        guard let reply = replies.first, message.isMeant(in: self),
            let structure = FetchedItems.all(reply)[uid]?.structure,
            let file = structure.attachedFiles.first(where: { $0.section == section }),
            var part = structure.allParts.first(where: { $0.section == section })
        else { return nil }
        part.content = try await content(of: section, uid, limit: part.encoding.transferred(limit))[...]
        part.children = []
        return (file, part.decodedContent(limit: limit))
    }

    private func content(of section: String, _ uid: UInt32, limit: Int) async throws -> [UInt8] {
        var octets: [UInt8] = []
        while octets.count < limit {
            let wanted = min(Self.chunk, limit - octets.count)
            let item = "BODY.PEEK[\(section)]<\(octets.count).\(wanted)>"
            let reply = try await run(IMAPCommand("UID FETCH", "\(uid) (UID \(item))"))
            let came = FetchedItems.all(reply)[uid]?.contents.first { $0.key.hasPrefix("BODY[\(section)]") }?.value
            guard let came, !came.isEmpty else { break }
            octets += came
            if came.count < wanted { break }
        }
        return octets
    }
}

extension TransferEncoding {
    /// How many octets must come so that `count` are there after decoding.
    fileprivate func transferred(_ count: Int) -> Int {
        let count = min(count, 1 << 30)
        switch self {
        // Three octets are four, and each line of 57 has an end of two; some programs write shorter lines.
        case .base64: return count / 3 * 4 + count / 16 + 1024
        case .quotedPrintable: return count * 3 + count / 16 + 1024
        case .identity, .unknown: return count
        }
    }
}
