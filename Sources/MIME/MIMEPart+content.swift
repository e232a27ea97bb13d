extension MIMEPart {
    /// The octets before they were encoded for the way, at most so many. What is no letter of the encoding is skipped.
    public func decodedContent(limit: Int = .max) -> [UInt8] {
        content.map { encoding.decode($0, limit: limit) } ?? []
    }

    /// The content as text, its line ends as they came. What stands for no character becomes U+FFFD.
    /// - Parameter limit: how many octets are read at most, after decoding.
    /// - Returns: the text, and a sentence where something was left out or had to be guessed.
    public func decodedText(limit: Int = 4 << 20) -> (text: String, problem: String?) {
        let limit = Swift.max(0, limit)
        let octets = decodedContent(limit: limit < .max ? limit + 1 : limit)
        let isCut = octets.count > limit
        let label = contentType.parameters["charset"]
        let (text, unknown) = Charset.decode(octets.prefix(limit), label: label, isCut: isCut)
        if isCut { return (text, "\(place) is longer than \(limit) octets: only its beginning is read.") }
        if unknown {
            return (
                text,
                "\(place) is in a charset that is not known (\(label.map { String($0.prefix(40)) } ?? "")): some letters may be wrong."
            )
        }
        if case .unknown(let name) = encoding, name != "x-uuencode" {
            return (
                text,
                "\(place) is in a transfer encoding that is not known (\(name.prefix(40))) and is shown as it came."
            )
        }
        return (text, nil)
    }

    /// What the sender calls the file: the disposition's name, else the content type's. Never a path.
    public var filename: String? {
        if let filename = disposition?.filename, let name = FileName.clean(filename) { return name }
        let name = contentType.parameters["name"] ?? contentType.parameters["filename"]
        return name.flatMap { FileName.clean($0) }
    }

    /// This part and all below it, in the order in which they stand in the message.
    public var allParts: [MIMEPart] {
        var found: [MIMEPart] = []
        var waiting = [self]
        while let part = waiting.popLast() {
            found.append(part)
            waiting.append(contentsOf: part.children.reversed())
        }
        return found
    }

    private var place: String { section.isEmpty ? "The message" : "Part \(section)" }
}
