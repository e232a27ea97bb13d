/// Finds the parts of a message in one walk over its octets, with a list of what is open in place of recursion.
struct MessageParser {
    /// A part as far as it is known; its number among `parts` stands for it.
    struct Part {
        var parent: Int?
        var header = MailHeader()
        var type = ContentType()
        /// Where its content begins and ends.
        var content = 0..<0
        var kind = Kind.leaf
        var childCount = 0
        var section = ""
    }

    enum Kind { case leaf, multipart, message }

    /// A multipart or an embedded message whose end has not come yet.
    struct Open {
        let part: Int
        /// What separates its parts; nil for an embedded message.
        let boundary: [UInt8]?
    }

    let octets: ArraySlice<UInt8>
    var parts: [Part] = []
    var open: [Open] = []
    var problems: [String] = []
    private var position: Int

    init(_ octets: ArraySlice<UInt8>) {
        self.octets = octets
        position = octets.startIndex
    }

    mutating func parse() {
        var next: BoundaryLine?
        readPart(parent: nil)
        while true {
            // What is read now lasts up to the next boundary of anything that is open.
            next = nextBoundary(from: position)
            guard let line = next, let level = open.lastIndex(where: { $0.boundary != nil && $0.part == line.part })
            else { break }
            close(above: level, at: line.contentEnd)
            position = line.end
            if line.isFinal {
                let multipart = open.removeLast()
                finish(multipart.part, at: line.start)
                continue
            }
            // Boundaries one after the other hold nothing between them, not even an empty part.
            if let following = boundary(at: position), following.part == line.part, !following.isFinal { continue }
            guard parts.count < MailLimits.parts else {
                say("The message has more than \(MailLimits.parts) parts: the others are left out.", of: nil)
                break
            }
            readPart(parent: line.part)
        }
        for level in open.indices where open[level].boundary != nil && parts[open[level].part].childCount > 0 {
            say("ends without its last boundary: it may have been cut off.", of: open[level].part)
        }
        close(above: -1, at: octets.endIndex)
    }

    /// Reads the header at the position, and those of the messages that begin there one in another.
    private mutating func readPart(parent: Int?) {
        var parent = parent
        while true {
            let part = addPart(parent: parent)
            guard open.last?.part == part, parts[part].kind == .message, parts.count < MailLimits.parts else { return }
            parent = part
        }
    }

    private mutating func addPart(parent: Int?) -> Int {
        let number = parts.count
        var reader = HeaderReader(octets, from: position)
        let isMessage = parent.map { parts[$0].kind == .message } ?? true
        reader.read(isMessage: isMessage) { self.boundary(at: $0) != nil }
        position = reader.position
        var part = Part(parent: parent)
        part.header = MailHeader(fields: reader.fields)
        part.content = position..<octets.endIndex
        var boundary: [UInt8]?
        if let value = part.header.octets("Content-Type") {
            let list = ParameterList(value)
            part.type = ContentType(list)
            boundary = list.values["boundary"].map { Array($0.octets[...].droppingTrailingBlanks) }
        } else if let parent, parts[parent].type.mediaType == "multipart/digest" {
            // RFC 2046, 5.1.5.
            part.type = ContentType(type: "message", subtype: "rfc822")
        }
        if let parent { parts[parent].childCount += 1 }
        parts.append(part)
        renumber(number)
        if reader.hasTooManyFields {
            say("has more than \(MailLimits.fields) header fields: the others are left out.", of: number)
        }
        if reader.hasCutFields {
            say("has a header field of more than \(MailLimits.field) octets, which is cut.", of: number)
        }
        openIfComposite(number, boundary: boundary)
        return number
    }

    private mutating func openIfComposite(_ number: Int, boundary: [UInt8]?) {
        let type = parts[number].type
        let isMultipart = type.type == "multipart"
        guard isMultipart || (type.isEmbeddedMessage && isReadable(parts[number])) else { return }
        guard open.count < MailLimits.depth else {
            say("is nested more than \(MailLimits.depth) deep and is left closed.", of: number)
            return
        }
        guard isMultipart else {
            parts[number].kind = .message
            open.append(Open(part: number, boundary: nil))
            return
        }
        guard let boundary, !boundary.isEmpty else {
            say("says that it has parts and not what separates them: it is read as text.", of: number)
            parts[number].type = ContentType()
            return
        }
        parts[number].kind = .multipart
        renumber(number)
        open.append(Open(part: number, boundary: boundary))
    }

    /// An embedded message must not be encoded (RFC 2046, 5.2.1); one that is, is a file.
    private func isReadable(_ part: Part) -> Bool {
        let encoding = part.header.octets("Content-Transfer-Encoding").map {
            TransferEncoding(named: $0[...].guessedText)
        }
        return encoding != .base64 && encoding != .quotedPrintable
    }

    /// Ends what stands in the level: the part that was being read, and what is open inside it.
    private mutating func close(above level: Int, at end: Int) {
        while open.count - 1 > level {
            let part = open.removeLast().part
            finish(part, at: end)
        }
        guard let last = parts.indices.last, parts[last].kind == .leaf || level < 0 else { return }
        if parts[last].content.upperBound > end { finish(last, at: end) }
    }

    private mutating func finish(_ number: Int, at end: Int) {
        let start = parts[number].content.lowerBound
        parts[number].content = start..<Swift.max(start, end)
        guard parts[number].kind == .multipart, parts[number].childCount == 0 else { return }
        say("says that it has parts and has none: it is read as text.", of: number)
        parts[number].kind = .leaf
        parts[number].type = ContentType()
        renumber(number)
    }
}
