import JSON

/// Why a host's file is left alone.
struct UnreadableDocument: Error, Equatable {
    let reason: String
}

/// Where things stand in a JSON text that may have comments and trailing commas (JSONC).
///
/// The text is checked by the one reader of JSON, after comments and trailing commas were blanked out in a copy of the same length:
/// what stands here may count on valid JSON, and positions in the copy are positions in the text.
struct JSONCScan {
    /// The copy.
    let plain: [UInt8]
    let value: JSON
    private let root: Int

    struct Member {
        let name: String
        let key: Range<Int>
        let value: Range<Int>
    }

    /// An object or an array; the items of an array have no key, and an empty range in its place.
    struct Container {
        let open: Int
        let close: Int
        let items: [Member]
        /// Where the comma stands that follows each item, if one does.
        let commas: [Int?]
    }

    private let trailing: Set<Int>

    /// - Parameter allowsComments: whether the host reads JSONC.
    /// - Throws: ``UnreadableDocument``
    init(_ text: [UInt8], allowsComments: Bool) throws(UnreadableDocument) {
        var blanking = Blanking(text)
        if allowsComments { try blanking.blank() } else { blanking.blankMark() }
        do { value = try JSON(parsing: blanking.plain) } catch {
            throw UnreadableDocument(reason: "it is not valid JSON: \(error)")
        }
        guard value.object != nil else { throw UnreadableDocument(reason: "it holds no JSON object") }
        plain = blanking.plain
        trailing = blanking.trailing
        root = plain.firstIndex(of: UInt8(ascii: "{")) ?? 0
    }

    /// The object at `path`; nil when there is none.
    ///
    /// - Throws: ``UnreadableDocument`` when something else stands there, or a name occurs twice.
    func container(at path: [String]) throws(UnreadableDocument) -> Container? {
        var found = try container(startingAt: root)
        for (depth, name) in path.enumerated() {
            guard let member = try Self.member(name, of: found) else { return nil }
            let first = plain[member.value.lowerBound]
            let isLast = depth == path.count - 1
            guard first == UInt8(ascii: "{") || isLast && first == UInt8(ascii: "[") else {
                throw UnreadableDocument(reason: "its \(path[...depth].joined(separator: ".")) is no object")
            }
            found = try container(startingAt: member.value.lowerBound)
        }
        return found
    }

    static func member(_ name: String, of container: Container) throws(UnreadableDocument) -> Member? {
        let found = container.items.filter { $0.name == name }
        if found.count > 1 { throw UnreadableDocument(reason: "it has \(name) twice") }
        return found.first
    }

    func json(_ range: Range<Int>) -> JSON? { try? JSON(parsing: Array(plain[range])) }

    private func container(startingAt open: Int) throws(UnreadableDocument) -> Container {
        let isObject = plain[open] == UInt8(ascii: "{")
        var items: [Member] = []
        var commas: [Int?] = []
        var position = open + 1
        while true {
            skipBlanks(&position)
            if plain[position] == UInt8(ascii: "}") || plain[position] == UInt8(ascii: "]") { break }
            var name = ""
            let start = position
            var key = start..<start
            if isObject {
                skipValue(&position)
                key = start..<position
                name = json(key)?.text ?? ""
                skipBlanks(&position)
                position += 1  // the colon
                skipBlanks(&position)
            }
            let first = position
            skipValue(&position)
            items.append(Member(name: name, key: key, value: first..<position))
            // A trailing comma is blank in the copy.
            var next = position
            var comma: Int?
            while next < plain.count {
                if plain[next] == UInt8(ascii: ",") || trailing.contains(next) {
                    comma = next
                    break
                }
                guard Self.isBlank(plain[next]) else { break }
                next += 1
            }
            commas.append(comma)
            if let comma { position = comma + 1 }
        }
        return Container(open: open, close: position, items: items, commas: commas)
    }

    private func skipBlanks(_ position: inout Int) {
        while position < plain.count, Self.isBlank(plain[position]) { position += 1 }
    }

    /// Passes one value; the text is known to be valid.
    private func skipValue(_ position: inout Int) {
        var depth = 0
        while position < plain.count {
            switch plain[position] {
            case UInt8(ascii: "\""):
                position += 1
                while plain[position] != UInt8(ascii: "\"") {
                    position += plain[position] == UInt8(ascii: "\\") ? 2 : 1
                }
                position += 1
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                position += 1
                continue
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                position += 1
            case UInt8(ascii: ","), UInt8(ascii: ":"):
                position += 1
                continue
            case let octet where Self.isBlank(octet):
                position += 1
                continue
            default:
                while position < plain.count, !Self.ends(plain[position]) { position += 1 }
            }
            if depth == 0 { return }
        }
    }

    private static func ends(_ octet: UInt8) -> Bool {
        isBlank(octet) || octet == UInt8(ascii: ",") || octet == UInt8(ascii: "}") || octet == UInt8(ascii: "]")
    }

    static func isBlank(_ octet: UInt8) -> Bool { octet == 0x20 || (0x09...0x0D).contains(octet) }
}

/// Comments and trailing commas, blanked out.
private struct Blanking {
    var plain: [UInt8]
    /// Where trailing commas stood.
    var trailing: Set<Int> = []

    init(_ text: [UInt8]) { plain = text }

    /// A byte order mark is no part of the text (RFC 8259, section 8.1).
    mutating func blankMark() {
        if plain.starts(with: [0xEF, 0xBB, 0xBF]) { for index in 0..<3 { plain[index] = 0x20 } }
    }

    mutating func blank() throws(UnreadableDocument) {
        blankMark()
        var position = 0
        var lastComma: Int?
        while position < plain.count {
            switch plain[position] {
            case UInt8(ascii: "\""):
                lastComma = nil
                position += 1
                while position < plain.count, plain[position] != UInt8(ascii: "\"") {
                    position += plain[position] == UInt8(ascii: "\\") ? 2 : 1
                }
                position += 1
            case UInt8(ascii: "/"): try comment(&position)
            case UInt8(ascii: ","):
                lastComma = position
                position += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                if let comma = lastComma {
                    plain[comma] = 0x20
                    trailing.insert(comma)
                }
                lastComma = nil
                position += 1
            case let octet:
                if !JSONCScan.isBlank(octet) { lastComma = nil }
                position += 1
            }
        }
        // A comma that follows nothing is no trailing one.
        for comma in trailing {
            let before = plain[..<comma].last { !JSONCScan.isBlank($0) }
            if before == UInt8(ascii: "{") || before == UInt8(ascii: "[") || before == nil {
                throw UnreadableDocument(reason: "it is not valid JSON: a comma follows nothing")
            }
        }
    }

    private mutating func comment(_ position: inout Int) throws(UnreadableDocument) {
        let start = position
        let next = position + 1 < plain.count ? plain[position + 1] : 0
        if next == UInt8(ascii: "/") {
            while position < plain.count, plain[position] != 0x0A, plain[position] != 0x0D { position += 1 }
        } else if next == UInt8(ascii: "*") {
            position += 2
            while position + 1 < plain.count,
                plain[position] != UInt8(ascii: "*") || plain[position + 1] != UInt8(ascii: "/")
            {
                position += 1
            }
            guard position + 1 < plain.count else { throw UnreadableDocument(reason: "a comment in it has no end") }
            position += 2
        } else {
            throw UnreadableDocument(reason: "it is not valid JSON: a slash stands where none may")
        }
        for index in start..<position where plain[index] != 0x0A && plain[index] != 0x0D { plain[index] = 0x20 }
    }
}
