import JSON

/// A TOML text (1.0.0), cut into its statements: as much as is needed to put tables in and take them out, and no more.
struct TOMLScan {
    enum Kind: Equatable {
        /// A blank line or a comment.
        case nothing(isBlank: Bool)
        /// `[a.b]`
        case table([String])
        /// `[[a.b]]`
        case item([String])
        /// `a.b = …`: the key, and where the value stands.
        case pair([String], Range<Int>)
    }

    struct Statement {
        let kind: Kind
        /// With the end of its last line.
        let range: Range<Int>
    }

    let text: [UInt8]
    private(set) var statements: [Statement] = []

    /// - Throws: ``UnreadableDocument``
    init(_ text: [UInt8]) throws(UnreadableDocument) {
        self.text = text
        guard String(validating: text, as: UTF8.self) != nil else {
            throw UnreadableDocument(reason: "it is not UTF-8")
        }
        var position = text.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        while position < text.count {
            let start = position
            let kind = try statement(&position)
            statements.append(Statement(kind: kind, range: start..<position))
        }
    }

    /// A table: the statement that opens it, and the statements in it.
    struct Table {
        let path: [String]
        let header: Int
        let body: [Int]
    }

    var tables: [Table] {
        var tables: [Table] = []
        var open: (path: [String], header: Int, body: [Int])?
        for (index, statement) in statements.enumerated() {
            switch statement.kind {
            case .table(let path), .item(let path):
                if let open { tables.append(Table(path: open.path, header: open.header, body: open.body)) }
                open = (path, index, [])
            case .pair: open?.body.append(index)
            case .nothing: break
            }
        }
        if let open { tables.append(Table(path: open.path, header: open.header, body: open.body)) }
        return tables
    }

    // MARK: Reading

    private func statement(_ position: inout Int) throws(UnreadableDocument) -> Kind {
        skipSpaces(&position)
        switch at(position) {
        case nil, 0x0A, 0x0D:
            try endLine(&position)
            return .nothing(isBlank: true)
        case UInt8(ascii: "#"):
            try endLine(&position)
            return .nothing(isBlank: false)
        case UInt8(ascii: "["):
            position += 1
            let isItem = at(position) == UInt8(ascii: "[")
            if isItem { position += 1 }
            let path = try key(&position)
            for _ in 0..<(isItem ? 2 : 1) {
                guard at(position) == UInt8(ascii: "]") else { throw broken(position, "a table's name has no end") }
                position += 1
            }
            try endLine(&position)
            return isItem ? .item(path) : .table(path)
        default:
            let name = try key(&position)
            guard at(position) == UInt8(ascii: "=") else { throw broken(position, "a key has no value") }
            position += 1
            skipSpaces(&position)
            let start = position
            let end = try value(&position)
            guard end > start else { throw broken(position, "a key has no value") }
            try endLine(&position)
            return .pair(name, start..<end)
        }
    }

    private func key(_ position: inout Int) throws(UnreadableDocument) -> [String] {
        var parts: [String] = []
        while true {
            skipSpaces(&position)
            let start = position
            switch at(position) {
            case UInt8(ascii: "\""):
                try string(&position, UInt8(ascii: "\""))
                guard let text = (try? JSON(parsing: Array(text[start..<position])))?.text else {
                    throw broken(start, "a quoted key is wrong")
                }
                parts.append(text)
            case UInt8(ascii: "'"):
                try string(&position, UInt8(ascii: "'"))
                parts.append(String(decoding: text[start + 1..<position - 1], as: UTF8.self))
            default:
                while let octet = at(position), Self.isBare(octet) { position += 1 }
                guard position > start else { throw broken(position, "a key was expected") }
                parts.append(String(decoding: text[start..<position], as: UTF8.self))
            }
            skipSpaces(&position)
            guard at(position) == UInt8(ascii: ".") else { return parts }
            position += 1
        }
    }

    /// Passes a value and says where it ends.
    private func value(_ position: inout Int) throws(UnreadableDocument) -> Int {
        guard let first = at(position) else { return position }
        if first == UInt8(ascii: "\"") || first == UInt8(ascii: "'") {
            try string(&position, first)
        } else if first == UInt8(ascii: "[") || first == UInt8(ascii: "{") {
            try brackets(&position)
        } else {
            let start = position
            while let octet = at(position), !Self.endsWord(octet) { position += 1 }
            // A date and a time may have a space between them.
            let isDate = position - start == 10 && text[start + 4] == UInt8(ascii: "-")
            if isDate, at(position) == 0x20, let next = at(position + 1), (0x30...0x39).contains(next) {
                position += 1
                while let octet = at(position), !Self.endsWord(octet) { position += 1 }
            }
        }
        return position
    }

    /// Passes a list or an inline table, with all that is in it.
    private func brackets(_ position: inout Int) throws(UnreadableDocument) {
        var open: [UInt8] = []
        while let octet = at(position) {
            switch octet {
            case UInt8(ascii: "\""), UInt8(ascii: "'"):
                try string(&position, octet)
                continue
            case UInt8(ascii: "["), UInt8(ascii: "{"): open.append(octet + 2)  // the bracket that closes it
            case UInt8(ascii: "]"), UInt8(ascii: "}"):
                guard open.popLast() == octet else { throw broken(position, "a bracket closes nothing") }
            case UInt8(ascii: "#"):
                while let octet = at(position), octet != 0x0A { position += 1 }
                continue
            default: break
            }
            position += 1
            if open.isEmpty { return }
        }
        throw broken(position, "a bracket is not closed")
    }

    private static func endsWord(_ octet: UInt8) -> Bool {
        octet == 0x20 || octet == 0x09 || octet == 0x0A || octet == 0x0D || octet == UInt8(ascii: "#")
    }

    /// Passes a string of any of the four kinds.
    private func string(_ position: inout Int, _ quote: UInt8) throws(UnreadableDocument) {
        let start = position
        let isLong = at(position + 1) == quote && at(position + 2) == quote
        position += isLong ? 3 : 1
        while let octet = at(position) {
            if octet == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") {
                position += 2
            } else if octet == quote, !isLong {
                position += 1
                return
            } else if octet == quote, at(position + 1) == quote, at(position + 2) == quote {
                position += 3
                // Up to two more quotes may be its last characters.
                for _ in 0..<2 where at(position) == quote { position += 1 }
                return
            } else if octet == 0x0A, !isLong {
                break
            } else {
                position += 1
            }
        }
        throw broken(start, "a text has no end")
    }

    private func endLine(_ position: inout Int) throws(UnreadableDocument) {
        skipSpaces(&position)
        if at(position) == UInt8(ascii: "#") {
            while let octet = at(position), octet != 0x0A { position += 1 }
        }
        if at(position) == 0x0D { position += 1 }
        guard let octet = at(position) else { return }
        guard octet == 0x0A else { throw broken(position, "something follows where a line should end") }
        position += 1
    }

    private func skipSpaces(_ position: inout Int) {
        while let octet = at(position), octet == 0x20 || octet == 0x09 { position += 1 }
    }

    private func at(_ position: Int) -> UInt8? { position < text.count ? text[position] : nil }

    private func broken(_ position: Int, _ what: String) -> UnreadableDocument {
        let line = text[..<min(position, text.count)].count { $0 == 0x0A } + 1
        return UnreadableDocument(reason: "it is not valid TOML: line \(line): \(what)")
    }

    static func isBare(_ octet: UInt8) -> Bool {
        (0x30...0x39).contains(octet) || (0x41...0x5A).contains(octet) || (0x61...0x7A).contains(octet)
            || octet == UInt8(ascii: "_") || octet == UInt8(ascii: "-")
    }
}
