import MIME

/// One body of a BODYSTRUCTURE (RFC 3501, 7.4.2): its fields where the RFC puts them. What a server leaves out or gives in another
/// kind counts as not there.
struct BodyStructure {
    /// What this body consists of.
    enum Kind { case leaf, multipart, message }

    let kind: Kind
    let type: ContentType
    let disposition: ContentDisposition?
    let header: MailHeader
    let encoding: TransferEncoding
    let size: Int
    /// The bodies inside.
    let inner: [IMAPValue]

    /// - Returns: nil when it is no list.
    init?(_ value: IMAPValue) {
        guard let values = value.list else { return nil }
        if values.first?.list != nil || Self.isEmptyMultipart(values) {
            self.init(multipart: values)
        } else {
            self.init(single: values)
        }
    }

    /// Some servers write a multipart whose parts are missing like a body that lost its type.
    private static func isEmptyMultipart(_ values: [IMAPValue]) -> Bool {
        guard values.first == .nil || values.first?.text?.lowercased() == "multipart" else { return false }
        return values.count < 7
    }

    private init(multipart values: [IMAPValue]) {
        let parts = values.prefix { $0.list != nil }
        let rest = Array(values.dropFirst(parts.isEmpty ? 1 : parts.count))
        var fields = BodyFields()
        fields.addType("multipart", rest.value(0)?.text ?? "mixed", rest.value(1))
        fields.addDisposition(rest.value(2), else: rest.dropFirst(3))
        kind = .multipart
        (type, disposition, header) = (fields.type, fields.disposition, fields.header)
        encoding = .identity
        size = 0
        inner = Array(parts)
    }

    private init(single values: [IMAPValue]) {
        var fields = BodyFields()
        let mainType = values.value(0)?.text ?? "application"
        fields.addType(mainType, values.value(1)?.text ?? "octet-stream", values.value(2))
        fields.add("Content-ID", values.value(3))
        fields.add("Content-Description", values.value(4))
        fields.add("Content-Transfer-Encoding", values.value(5))
        encoding = TransferEncoding(named: values.value(5)?.text ?? "")
        size = min(values.value(6)?.number ?? 0, Int(UInt32.max))

        // What a type has of its own comes between the size and what extends all.
        var extensionsStart = 7
        var inner: [IMAPValue] = []
        if fields.type.type == "message", let envelope = values.value(7)?.list, let body = values.value(8),
            body.list != nil
        {
            extensionsStart = 10
            inner = [body]
            fields.add("Subject", envelope.value(1))
        } else if fields.type.type == "text", values.value(7)?.number != nil {
            extensionsStart = 8
        }
        // The first of them is an MD5.
        fields.addDisposition(values.value(extensionsStart + 1), else: values.dropFirst(extensionsStart))
        kind = inner.isEmpty ? .leaf : .message
        (type, disposition, header) = (fields.type, fields.disposition, fields.header)
        self.inner = inner
    }
}

/// Header fields made again from what a server took apart, to be read by the same code as those of whole messages.
private struct BodyFields {
    var type = ContentType()
    var disposition: ContentDisposition?
    var header = MailHeader()

    /// A field of a header is not longer (MIME reads no more either).
    private static let longest = 64 << 10

    mutating func add(_ name: String, _ value: IMAPValue?) {
        guard let octets = value?.octets, !octets.isEmpty else { return }
        header.fields.append(MailHeader.Field(name: name, value: Array(octets.prefix(Self.longest))))
    }

    mutating func addType(_ type: String, _ subtype: String, _ parameters: IMAPValue?) {
        let value = Array("\(type)/\(subtype)".utf8) + Self.written(parameters)
        self.type = ContentType(parsing: value)
        // The fields that it cannot read make text/plain of it; a multipart must stay one, and a file a file.
        if self.type.mediaType == "text/plain", type.lowercased() != "text" {
            self.type.type = type.lowercased() == "multipart" ? "multipart" : "application"
            self.type.subtype = type.lowercased() == "multipart" ? "mixed" : "octet-stream"
        }
        header.fields.append(MailHeader.Field(name: "Content-Type", value: value))
    }

    /// - Parameter others: where it is looked for when it is not in its place, because a field before it is missing.
    mutating func addDisposition(_ value: IMAPValue?, else others: some Sequence<IMAPValue>) {
        guard let found = Self.disposition(value) ?? others.lazy.compactMap(Self.disposition).first,
            let word = found.value(0)?.octets
        else { return }
        let value = Array(word.prefix(Self.longest)) + Self.written(found.value(1))
        disposition = ContentDisposition(parsing: value)
        header.fields.append(MailHeader.Field(name: "Content-Disposition", value: value))
    }

    private static func disposition(_ value: IMAPValue?) -> [IMAPValue]? {
        guard let values = value?.list, values.count == 2, values[1] == .nil || values[1].list != nil else {
            return nil
        }
        return values[0].octets == nil ? nil : values
    }

    /// `; name="value"` for each parameter.
    private static func written(_ parameters: IMAPValue?) -> [UInt8] {
        var written: [UInt8] = []
        let values = parameters?.list ?? []
        for index in stride(from: 0, to: values.count - 1, by: 2) {
            guard let name = values[index].octets, let value = values[index + 1].octets,
                !name.isEmpty, name.allSatisfy({ $0 > 0x20 && $0 != 0x7F && !"=;(\"".utf8.contains($0) })
            else { continue }
            guard written.count + name.count + 2 * value.count < longest else { break }
            written += Array("; ".utf8) + name + Array("=\"".utf8)
            for octet in value {
                if octet == UInt8(ascii: "\"") || octet == UInt8(ascii: "\\") { written.append(UInt8(ascii: "\\")) }
                written.append(octet)
            }
            written.append(UInt8(ascii: "\""))
        }
        return written
    }
}

extension [IMAPValue] {
    /// The value at an index, if there is one.
    fileprivate func value(_ index: Int) -> IMAPValue? { indices.contains(index) ? self[index] : nil }
}
