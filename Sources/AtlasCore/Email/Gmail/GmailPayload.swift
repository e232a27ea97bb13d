import JSON
import MIME

/// A message's payload as Gmail parsed it, read into a tree of parts whose sections are numbered as IMAP numbers them.
///
/// Gmail undoes the transfer encoding and gives text in UTF-8 whatever its header still says, so the content is taken as it is. Files have
/// an id instead of content: another one each time the message is read, so it is good for this reading only.
struct GmailPayload: Sendable {
    let root: MIMEPart
    /// The ids of contents that are fetched by themselves, by section.
    let attachmentIDs: [String: String]
    let problems: [String]
    private let json: JSON

    private static let mostParts = 500

    /// - Parameter fetched: contents that came by themselves, by section.
    init(_ payload: JSON?, fetched: [String: [UInt8]] = [:]) {
        json = payload ?? .null
        var nodes: [Node] = []
        var isCut = false
        // A preorder walk with a stack: payloads are as deep as whoever wrote the message likes.
        var open: [(json: JSON, parent: Int?, section: String)] = [(json, nil, "")]
        while let (json, parent, number) = open.popLast() {
            guard nodes.count < Self.mostParts else {
                isCut = true
                break
            }
            let below = json["parts"]?.items ?? []
            let type = Self.contentType(of: json)
            let section = Self.section(
                number, hasParts: type.type == "multipart", isEmbedded: parent.map { nodes[$0].isMessage } ?? false)
            let index = nodes.count
            nodes.append(Node(json, section: section, type: type, parent: parent, fetched: fetched[section]))
            // The one part of a message in this one is that message; its parts are numbered below this number, not its own.
            let holdsMessage = nodes[index].isMessage && below.count == 1
            for (place, child) in below.enumerated().reversed() {
                open.append(
                    (child, index, holdsMessage ? section : Self.below(number.isEmpty ? "" : number, place + 1)))
            }
        }
        attachmentIDs = Dictionary(
            nodes.compactMap { node in node.attachmentID.map { (node.part.section, $0) } },
            uniquingKeysWith: { first, _ in first })
        problems = isCut ? ["The message has more than \(Self.mostParts) parts; the rest was left out."] : []
        root = Self.tree(nodes)
    }

    /// The same with contents that have been fetched since.
    func with(_ fetched: [String: [UInt8]]) -> GmailPayload { GmailPayload(json, fetched: fetched) }

    /// The content of a part, where it came with the message.
    func content(of section: String) -> [UInt8]? {
        root.allParts.first { $0.section == section }?.content.map(Array.init)
    }

    private struct Node {
        var part: MIMEPart
        let parent: Int?
        let attachmentID: String?
        var children: [MIMEPart] = []
        var isMessage: Bool { part.contentType.mediaType == "message/rfc822" }

        init(_ json: JSON, section: String, type: ContentType, parent: Int?, fetched: [UInt8]?) {
            self.parent = parent
            let header = GmailPayload.header(of: json)
            let body = json["body"]
            var disposition = header["Content-Disposition"].flatMap { ContentDisposition(parsing: Array($0.utf8)) }
            if let name = json["filename"]?.text, !name.isEmpty, disposition?.filename == nil {
                disposition = ContentDisposition(isAttachment: disposition?.isAttachment ?? true, filename: name)
            }
            let id = body?["attachmentId"]?.text
            attachmentID = id.flatMap { $0.isEmpty ? nil : $0 }
            let content = fetched ?? body?["data"]?.text.flatMap(Base64URL.decode)
            part = MIMEPart(
                section: section, header: header, contentType: type, disposition: disposition,
                size: max(0, body?["size"]?.wholeNumber ?? content?.count ?? 0))
            let isWhole = fetched != nil || attachmentID == nil && json["parts"]?.items?.isEmpty ?? true
            if type.type != "multipart", isWhole { part.setDecoded(content ?? []) }
        }
    }

    /// Puts the parts into each other: those below come after those above them.
    private static func tree(_ nodes: [Node]) -> MIMEPart {
        var nodes = nodes
        for index in nodes.indices.reversed() {
            nodes[index].part.children = nodes[index].children.reversed()
            guard let parent = nodes[index].parent else { break }
            nodes[parent].children.append(nodes[index].part)
        }
        return nodes[0].part
    }

    /// As IMAP numbers parts (RFC 3501, 6.4.5); the content of a message in a message that has parts is what it calls `2.TEXT`.
    ///
    /// - Parameter number: the part's place below those above; of an embedded message the number of the part that it is.
    private static func section(_ number: String, hasParts: Bool, isEmbedded: Bool) -> String {
        if isEmbedded { return hasParts ? "\(number).TEXT" : "\(number).1" }
        return number.isEmpty && !hasParts ? "1" : number
    }

    private static func below(_ section: String, _ number: Int) -> String {
        section.isEmpty ? String(number) : "\(section).\(number)"
    }

    private static func header(of json: JSON) -> MailHeader {
        MailHeader(
            fields: (json["headers"]?.items ?? []).prefix(2000).compactMap { field in
                guard let name = field["name"]?.text, let value = field["value"]?.text else { return nil }
                return MailHeader.Field(name: name, value: Array(value.utf8))
            })
    }

    /// What Gmail took it for, with the parameters that the header has.
    private static func contentType(of json: JSON) -> ContentType {
        let field = (json["headers"]?.items ?? []).first { $0["name"]?.text?.lowercased() == "content-type" }
        var type = (field?["value"]?.text).map { ContentType(parsing: Array($0.utf8)) } ?? ContentType()
        let words = (json["mimeType"]?.text ?? "").lowercased().split(separator: "/", maxSplits: 1)
        if words.count == 2 {
            type.type = String(words[0])
            type.subtype = String(words[1])
        }
        return type
    }
}

extension MIMEPart {
    /// Takes content whose transfer encoding was undone elsewhere, and whose text was put into UTF-8 there.
    mutating func setDecoded(_ octets: [UInt8]) {
        content = octets[...]
        size = octets.count
        encoding = .identity
        guard contentType.type == "text" else { return }
        let label = contentType.parameters["charset"]?.lowercased() ?? ""
        // Text beyond ASCII that is UTF-8 was written as nothing else, and text in UTF-16 has zeros in it.
        let isWide = label.hasPrefix("utf-16") || label.hasPrefix("utf-32") || label.hasPrefix("ucs-")
        let isTold = octets.contains { $0 >= 0x80 } || isWide && !octets.contains(0)
        if isTold, String(validating: octets, as: UTF8.self) != nil { contentType.parameters["charset"] = "utf-8" }
    }
}
