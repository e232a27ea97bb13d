import JSON

/// A host's JSON file, edited in place: what is not edited stays byte for byte.
///
/// Taking out what was put in, in reverse order, gives the text as it was.
struct JSONCDocument {
    private(set) var text: [UInt8]
    private let allowsComments: Bool

    /// - Throws: ``UnreadableDocument`` when the host could not read it either.
    init(_ text: [UInt8], allowsComments: Bool) throws(UnreadableDocument) {
        self.allowsComments = allowsComments
        // A file of nothing is one without settings.
        let mark: [UInt8] = text.starts(with: [0xEF, 0xBB, 0xBF]) ? [0xEF, 0xBB, 0xBF] : []
        let isEmpty = text.dropFirst(mark.count).allSatisfy(JSONCScan.isBlank)
        self.text = isEmpty ? mark + Array("{}\n".utf8) : text
        _ = try scan()
    }

    func value(at path: [String]) throws(UnreadableDocument) -> JSON? {
        var value: JSON? = try scan().value
        for name in path { value = value?[name] }
        return value
    }

    /// Sets the value at `path`, and makes the objects that lead there. A value that is there already is not touched.
    mutating func set(_ value: JSON, at path: [String]) throws(UnreadableDocument) {
        guard !path.isEmpty else { return }
        for depth in path.indices.reversed() {
            let scan = try scan()
            guard let container = try scan.container(at: Array(path[..<depth])) else { continue }
            if depth == path.count - 1, let member = try JSONCScan.member(path[depth], of: container) {
                if scan.json(member.value) == value { return }
                let indent = indentation(of: lineStart(member.key.lowerBound))
                replace(member.value, by: written(value, indent, isInline: isInline(container)))
                return
            }
            var nested = value
            for name in path[(depth + 1)...].reversed() { nested = .object([name: nested]) }
            insert(nested, named: path[depth], into: container)
            return
        }
    }

    /// Adds an item to the array at `path`, which is made if need be.
    mutating func append(_ item: JSON, to path: [String]) throws(UnreadableDocument) {
        guard let container = try scan().container(at: path) else { return try set([item], at: path) }
        insert(item, named: nil, into: container)
    }

    /// Takes out what stands at `path`, if something does.
    mutating func remove(at path: [String]) throws(UnreadableDocument) {
        guard let name = path.last, let container = try scan().container(at: path.dropLast()) else { return }
        guard try JSONCScan.member(name, of: container) != nil else { return }
        guard let index = container.items.firstIndex(where: { $0.name == name }) else { return }
        remove(index, of: container)
    }

    /// Takes the items out of the array at `path` that `isUnwanted`, the last first.
    mutating func removeItems(at path: [String], where isUnwanted: (JSON) -> Bool) throws(UnreadableDocument) {
        while true {
            let scan = try scan()
            guard let container = try scan.container(at: path) else { return }
            let found = container.items.lastIndex { scan.json($0.value).map(isUnwanted) ?? false }
            guard let found else { return }
            remove(found, of: container)
        }
    }

    private func scan() throws(UnreadableDocument) -> JSONCScan {
        try JSONCScan(text, allowsComments: allowsComments)
    }

    // MARK: Putting in

    private mutating func insert(_ value: JSON, named name: String?, into container: JSONCScan.Container) {
        let key = name.map { JSON.string($0).bytes + Array(": ".utf8) } ?? []
        let outer = indentation(of: lineStart(container.open))
        guard let last = container.items.last else {
            let inner = outer + unit
            let piece = newline + inner + key + written(value, inner, isInline: false) + newline + outer
            return replace(container.close..<container.close, by: piece)
        }
        let start = name == nil ? last.value.lowerBound : last.key.lowerBound
        if isInline(container) {
            let piece = key + written(value, [], isInline: true)
            if let comma = container.commas.last ?? nil {
                return replace(comma + 1..<comma + 1, by: [0x20] + piece + [UInt8(ascii: ",")])
            }
            return replace(last.value.upperBound..<last.value.upperBound, by: Array(", ".utf8) + piece)
        }
        let inner = startsLine(start) ? indentation(of: lineStart(start)) : outer + unit
        let piece = newline + inner + key + written(value, inner, isInline: false)
        if let comma = container.commas.last ?? nil {
            let place = afterComments(comma + 1)
            return replace(place..<place, by: piece + [UInt8(ascii: ",")])
        }
        let place = afterComments(last.value.upperBound)
        replace(place..<place, by: piece)
        replace(last.value.upperBound..<last.value.upperBound, by: [UInt8(ascii: ",")])
    }

    /// Behind the comments that follow on the same line: they belong to what stands before them.
    private func afterComments(_ start: Int) -> Int {
        var (place, position) = (start, start)
        while position < text.count {
            if text[position] == 0x20 || text[position] == 0x09 {
                position += 1
            } else if text[position...].starts(with: Array("//".utf8)) {
                while position < text.count, text[position] != 0x0A, text[position] != 0x0D { position += 1 }
                place = position
            } else if text[position...].starts(with: Array("/*".utf8)) {
                position += 2
                while position < text.count, !text[position...].starts(with: Array("*/".utf8)) {
                    // One of several lines heads what follows.
                    if text[position] == 0x0A { return place }
                    position += 1
                }
                position = min(position + 2, text.count)
                place = position
            } else {
                break
            }
        }
        return place
    }

    // MARK: Taking out

    private mutating func remove(_ index: Int, of container: JSONCScan.Container) {
        let item = container.items[index]
        let start = item.key.isEmpty ? item.value.lowerBound : item.key.lowerBound
        var from = start
        while from > 0, text[from - 1] == 0x20 || text[from - 1] == 0x09 { from -= 1 }
        let hasLine = from > 0 && text[from - 1] == 0x0A
        if hasLine {
            from -= from > 1 && text[from - 2] == 0x0D ? 2 : 1
        } else if index == 0 {
            from = start
        }
        if let comma = container.commas[index] {
            var to = comma + 1
            if !hasLine, index == 0 { while to < container.close, text[to] == 0x20 || text[to] == 0x09 { to += 1 } }
            return replace(from..<to, by: [])
        }
        var to = item.value.upperBound
        if index == 0 {
            // All that is left is the end of the line that was opened for it.
            if hasLine, text[to..<container.close].allSatisfy(JSONCScan.isBlank) { to = container.close }
            return replace(from..<to, by: [])
        }
        replace(from..<to, by: [])
        if let comma = container.commas[index - 1] { replace(comma..<comma + 1, by: []) }
    }

    // MARK: Style

    private mutating func replace(_ range: Range<Int>, by octets: [UInt8]) { text.replaceSubrange(range, with: octets) }

    private var newline: [UInt8] {
        text.firstIndex(of: 0x0A).map { $0 > 0 && text[$0 - 1] == 0x0D } == true ? [0x0D, 0x0A] : [0x0A]
    }

    /// One step of indentation: the first one in the text, else two spaces.
    private var unit: [UInt8] {
        for (index, octet) in text.enumerated() where octet == 0x0A {
            let indent = indentation(of: index + 1)
            if !indent.isEmpty { return indent.first == 0x09 ? [0x09] : indent.count > 8 ? [0x20, 0x20] : indent }
        }
        return [0x20, 0x20]
    }

    private func lineStart(_ position: Int) -> Int { text[..<position].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0 }

    private func indentation(of line: Int) -> [UInt8] { Array(text[line...].prefix { $0 == 0x20 || $0 == 0x09 }) }

    private func startsLine(_ position: Int) -> Bool {
        text[lineStart(position)..<position].allSatisfy { $0 == 0x20 || $0 == 0x09 }
    }

    /// Whether it stands on one line.
    private func isInline(_ container: JSONCScan.Container) -> Bool {
        !container.items.isEmpty && !text[container.open..<container.close].contains(0x0A)
    }

    private func written(_ value: JSON, _ indent: [UInt8], isInline: Bool) -> [UInt8] {
        switch value {
        case .object(let object) where !object.isEmpty && !isInline:
            var octets: [UInt8] = [UInt8(ascii: "{")]
            for (index, member) in object.members.enumerated() {
                if index > 0 { octets.append(UInt8(ascii: ",")) }
                octets += newline + indent + unit + JSON.string(member.name).bytes + Array(": ".utf8)
                octets += written(member.value, indent + unit, isInline: false)
            }
            return octets + newline + indent + [UInt8(ascii: "}")]
        case .array(let items) where !items.isEmpty && !isInline && items.contains { $0.object != nil }:
            var octets: [UInt8] = [UInt8(ascii: "[")]
            for (index, item) in items.enumerated() {
                if index > 0 { octets.append(UInt8(ascii: ",")) }
                octets += newline + indent + unit + written(item, indent + unit, isInline: false)
            }
            return octets + newline + indent + [UInt8(ascii: "]")]
        case .array(let items):
            return [UInt8(ascii: "[")] + items.map(\.bytes).joined(separator: Array(", ".utf8)) + [UInt8(ascii: "]")]
        default: return value.bytes
        }
    }
}
