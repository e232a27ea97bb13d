extension MessageParser {
    /// The number of a part, as IMAP gives it (RFC 3501, 6.4.5).
    ///
    /// The parts of an embedded message are numbered below it. The message itself, where it has parts, has no number there: its
    /// content is what IMAP calls `2.TEXT`, and that is its section; the outermost one has the empty section.
    mutating func renumber(_ number: Int) {
        parts[number].section = section(hasParts: parts[number].kind == .multipart, parent: parts[number].parent)
    }

    private func section(hasParts: Bool, parent: Int?) -> String {
        guard let parent else { return hasParts ? "" : "1" }
        let above = parts[parent].section
        if parts[parent].kind == .message { return hasParts ? "\(above).TEXT" : "\(above).1" }
        let number = parts[parent].childCount
        guard let grandparent = parts[parent].parent else { return "\(number)" }
        // A multipart that is an embedded message gives its parts the number of the message.
        return parts[grandparent].kind == .message ? "\(parts[grandparent].section).\(number)" : "\(above).\(number)"
    }

    /// The parts as a tree, put together from the last to the first: every part stands behind the one that it is in.
    func tree() -> MIMEPart {
        var children = [[MIMEPart]](repeating: [], count: parts.count)
        var root = MIMEPart(section: "1")
        for number in parts.indices.reversed() {
            let part = parts[number]
            let content = octets[part.content]
            let encoding = part.header.octets("Content-Transfer-Encoding").map {
                TransferEncoding(named: $0[...].guessedText)
            }
            let made = MIMEPart(
                section: part.section, header: part.header, contentType: part.type,
                disposition: part.header.octets("Content-Disposition").flatMap { ContentDisposition(parsing: $0) },
                encoding: encoding ?? .identity, content: part.kind == .multipart ? nil : content, size: content.count,
                children: children[number].reversed())
            children[number] = []
            if let parent = part.parent { children[parent].append(made) } else { root = made }
        }
        return root
    }

    /// Notes what is wrong with a part, or with the whole message.
    mutating func say(_ problem: String, of number: Int?) {
        guard problems.count < MailLimits.problems else { return }
        guard let number else {
            problems.append(problem)
            return
        }
        let section = parts[number].section
        problems.append(parts[number].parent == nil ? "The message \(problem)" : "Part \(section) \(problem)")
    }
}

extension ContentType {
    /// A whole message as a part (RFC 2046, 5.2.1, and RFC 6532, 3.7).
    var isEmbeddedMessage: Bool {
        type == "message" && (subtype == "rfc822" || subtype == "global" || subtype == "news")
    }
}
