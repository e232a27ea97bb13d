extension ContentDisposition {
    /// Nil where nothing is said. A disposition that nobody knows is an attachment (RFC 2183, 2.8).
    public init?(parsing value: [UInt8]) {
        let list = ParameterList(value)
        guard !list.first.isEmpty || !list.values.isEmpty else { return nil }
        let isInline = list.first.map(\.lowercased).elementsEqual("inline".utf8)
        let name = list.text("filename", encodedWords: true) ?? list.text("name", encodedWords: true)
        self.init(isAttachment: !isInline, filename: name.flatMap { FileName.clean($0) })
    }
}

/// The names that strangers give to files.
enum FileName {
    /// Without the folders before it (of Unix or Windows), without control characters and those that turn text around to hide an
    /// ending, and not longer than a file system takes; nil where nothing is left.
    static func clean(_ name: String) -> String? {
        var scalars = String.UnicodeScalarView()
        for scalar in name.unicodeScalars {
            if scalar == "/" || scalar == "\\" {
                scalars.removeAll()
            } else if !isHarmful(scalar) {
                scalars.append(scalar)
            }
        }
        let text = trimmed(Substring(String(scalars)))
        guard !text.isEmpty, !text.allSatisfy({ $0 == "." }) else { return nil }
        return cut(text)
    }

    private static func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF: true
        default: false
        }
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        return text
    }

    /// At most 200 octets, with the ending.
    private static func cut(_ text: Substring) -> String {
        guard text.utf8.count > 200 else { return String(text) }
        var ending: Substring = ""
        if let dot = text.lastIndex(of: "."), text[dot...].utf8.count <= 20 { ending = text[dot...] }
        var kept = ""
        var room = 200 - ending.utf8.count
        for scalar in text.dropLast(ending.count).unicodeScalars {
            room -= UTF8.width(scalar)
            if room < 0 { break }
            kept.unicodeScalars.append(scalar)
        }
        return kept + ending
    }
}
