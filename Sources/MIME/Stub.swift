extension MIMEPart {
    public var textSections: [String] { allParts.filter { $0.children.isEmpty && $0.contentType.type == "text" && !($0.disposition?.isAttachment ?? false) }.map(\.section) }
    public func readableText(limit: Int = 2 << 20) -> ReadableText {
        let t = allParts.first { $0.content != nil && $0.contentType.type == "text" }?.decodedText(limit: limit).text ?? ""
        return ReadableText(text: t, source: .plain)
    }
    public var attachedFiles: [AttachedFile] { allParts.filter { $0.disposition?.isAttachment ?? false }.map { AttachedFile(section: $0.section, filename: $0.filename ?? "x", contentType: $0.contentType.mediaType, size: $0.size) } }
}
