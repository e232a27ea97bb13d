import JSON

/// A host's TOML file, of which tables of ours are put in and taken out; everything else stays byte for byte.
struct TOMLDocument {
    private(set) var text: [UInt8]

    /// - Throws: ``UnreadableDocument``
    init(_ text: [UInt8]) throws(UnreadableDocument) {
        self.text = text
        _ = try TOMLScan(text)
    }

    /// The values of a table, those that are texts, lists of texts and the like; nil when there is no such table.
    ///
    /// - Throws: ``UnreadableDocument`` when the table is written in another form than `[a.b]`.
    func table(_ path: [String]) throws(UnreadableDocument) -> [String: JSON]? {
        let scan = try TOMLScan(text)
        try checkForm(path, scan)
        guard let table = try Self.find(path, scan) else { return nil }
        var values: [String: JSON] = [:]
        for index in table.body {
            guard case .pair(let key, let range) = scan.statements[index].kind, key.count == 1 else { continue }
            values[key[0]] = Self.json(Array(text[range])) ?? .null
        }
        return values
    }

    /// Sets values in a table, which is put at the end of the text if it is missing. Values that are there already, and other keys,
    /// are not touched.
    mutating func set(_ values: [(key: String, value: JSON)], in path: [String]) throws(UnreadableDocument) {
        guard let known = try table(path) else { return append(values, path) }
        for (key, value) in values where known[key] != value {
            let scan = try TOMLScan(text)
            guard let table = try Self.find(path, scan) else { return }
            let line = Self.line(key, value)
            let pair = table.body.first { index in
                if case .pair([key], _) = scan.statements[index].kind { return true }
                return false
            }
            if let pair, case .pair(_, let range) = scan.statements[pair].kind {
                text.replaceSubrange(range, with: Self.written(value))
            } else {
                let header = scan.statements[table.header].range
                let opened = text[..<header.upperBound].last == 0x0A ? [] : newline
                text.insert(contentsOf: opened + line + newline, at: header.upperBound)
            }
        }
    }

    /// Takes out a table, and the tables below it. Comments behind its last key stay.
    mutating func remove(_ path: [String]) throws(UnreadableDocument) {
        while true {
            let scan = try TOMLScan(text)
            guard let table = scan.tables.last(where: { $0.path.starts(with: path) }) else { return }
            var start = scan.statements[table.header].range.lowerBound
            if table.header > 0, case .nothing(isBlank: true) = scan.statements[table.header - 1].kind {
                start = scan.statements[table.header - 1].range.lowerBound
            }
            let last = table.body.last ?? table.header
            text.removeSubrange(start..<scan.statements[last].range.upperBound)
        }
    }

    private mutating func append(_ values: [(key: String, value: JSON)], _ path: [String]) {
        let newline = newline
        if !text.isEmpty {
            if text.last != 0x0A { text += newline }
            text += newline
        }
        text += Array("[\(path.map(Self.key).joined(separator: "."))]".utf8) + newline
        for (key, value) in values { text += Self.line(key, value) + newline }
    }

    private static func find(_ path: [String], _ scan: TOMLScan) throws(UnreadableDocument) -> TOMLScan.Table? {
        let found = scan.tables.filter { $0.path == path }
        if found.count > 1 {
            throw UnreadableDocument(reason: "it has the table \(path.joined(separator: ".")) twice")
        }
        return found.first
    }

    /// TOML has several ways to write the same; only `[a.b]` is edited.
    private func checkForm(_ path: [String], _ scan: TOMLScan) throws(UnreadableDocument) {
        var table: [String] = []
        for statement in scan.statements {
            switch statement.kind {
            case .table(let path): table = path
            case .item(let name):
                table = name
                if path.starts(with: name) {
                    throw UnreadableDocument(reason: "its \(name.joined(separator: ".")) is a list of tables")
                }
            case .pair(let key, _):
                let whole = table + key
                let isInside = whole.starts(with: path) && table.count < path.count
                if path.starts(with: whole) || isInside {
                    throw UnreadableDocument(
                        reason:
                            "it has \(path.joined(separator: ".")) in another form than a table [\(path.joined(separator: "."))]"
                    )
                }
            case .nothing: break
            }
        }
    }

    // MARK: Values

    private var newline: [UInt8] {
        text.firstIndex(of: 0x0A).map { $0 > 0 && text[$0 - 1] == 0x0D } == true ? [0x0D, 0x0A] : [0x0A]
    }

    private static func line(_ key: String, _ value: JSON) -> [UInt8] {
        Array("\(Self.key(key)) = ".utf8) + written(value)
    }

    private static func key(_ name: String) -> String {
        !name.isEmpty && name.utf8.allSatisfy(TOMLScan.isBare) ? name : JSON.string(name).description
    }

    /// Texts, numbers, truth values and lists of them are written as JSON writes them: TOML's basic strings know the same escapes.
    private static func written(_ value: JSON) -> [UInt8] {
        guard case .array(let items) = value else { return value.bytes }
        return [UInt8(ascii: "[")] + items.map(\.bytes).joined(separator: Array(", ".utf8)) + [UInt8(ascii: "]")]
    }

    /// What is written as JSON would write it, or as a literal string; nil for the rest of TOML.
    private static func json(_ octets: [UInt8]) -> JSON? {
        if octets.count >= 2, octets.first == UInt8(ascii: "'"), octets.last == UInt8(ascii: "'"),
            !octets.starts(with: Array("'''".utf8))
        {
            return .string(String(decoding: octets.dropFirst().dropLast(), as: UTF8.self))
        }
        return try? JSON(parsing: octets)
    }
}
