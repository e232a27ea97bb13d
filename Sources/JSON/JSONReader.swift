/// Why a text is not the JSON we accept, and at which octet.
public struct JSONError: Error, Sendable, Equatable, CustomStringConvertible {
    public enum Reason: String, Sendable {
        case unexpectedEnd = "the text ends too early"
        case unexpectedByte = "unexpected character"
        case invalidNumber = "invalid number"
        case invalidString = "invalid string"
        case invalidUTF8 = "invalid UTF-8"
        case loneSurrogate = "lone surrogate"
        case duplicateName = "a name stands twice in one object"
        case tooDeep = "nested too deeply"
        case tooManyValues = "too many values"
        case trailingData = "something follows the value"
    }

    public let reason: Reason
    public let offset: Int

    public var description: String { "\(reason.rawValue) at octet \(offset)" }
}

/// Reads JSON (RFC 8259) from bytes nobody has checked.
///
/// Strict, because its callers speak a protocol: UTF-8 must be valid, names unique, surrogates paired, numbers finite. Nesting
/// and the number of values are bounded, so that no line can exhaust the stack or the memory.
public struct JSONReader: ~Copyable {
    /// What a text may ask of us.
    public struct Limits: Sendable {
        public var depth = 64
        public var values = 1_000_000
        public init() {}
    }

    let base: UnsafePointer<UInt8>
    let end: Int
    /// The octet that is read next.
    public internal(set) var position = 0
    private var depth = 0
    private var valuesLeft: Int
    private let deepest: Int

    /// - Note: `bytes` must outlive the reader.
    public init(_ bytes: UnsafeBufferPointer<UInt8>, limits: Limits = Limits()) {
        // Nothing is read at `end` or after it, so an empty text needs an address but no octet.
        base = bytes.baseAddress ?? UnsafePointer(bitPattern: 1)!
        end = bytes.count
        deepest = limits.depth
        valuesLeft = limits.values
    }

    func error(_ reason: JSONError.Reason) -> JSONError { JSONError(reason: reason, offset: position) }

    /// The next octet that is not blank, without taking it; 0 at the end.
    public mutating func peek() -> UInt8 {
        while position < end {
            let byte = base[position]
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return byte }
            position += 1
        }
        return 0
    }

    /// Takes the octet `byte`, blanks before it aside.
    public mutating func expect(_ byte: UInt8) throws(JSONError) {
        guard peek() == byte, position < end else { throw unexpected() }
        position += 1
    }

    private func unexpected() -> JSONError { error(position >= end ? .unexpectedEnd : .unexpectedByte) }

    /// Makes sure that nothing but blanks is left.
    public mutating func finish() throws(JSONError) {
        _ = peek()
        guard position >= end else { throw error(.trailingData) }
    }

    /// Reads the next value.
    public mutating func value() throws(JSONError) -> JSON {
        valuesLeft -= 1
        guard valuesLeft >= 0 else { throw error(.tooManyValues) }
        switch peek() {
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "{"): return .object(try object())
        case UInt8(ascii: "["): return .array(try array())
        case UInt8(ascii: "t"):
            try literal("true")
            return .bool(true)
        case UInt8(ascii: "f"):
            try literal("false")
            return .bool(false)
        case UInt8(ascii: "n"):
            try literal("null")
            return .null
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        default: throw unexpected()
        }
    }

    private mutating func literal(_ word: StaticString) throws(JSONError) {
        let count = word.utf8CodeUnitCount
        guard position + count <= end else { throw error(.unexpectedEnd) }
        for index in 0..<count where base[position + index] != word.utf8Start[index] { throw error(.unexpectedByte) }
        position += count
    }

    /// Walks the members of an object; `body` must read the value of the name it is given.
    public mutating func members(
        _ body: (inout JSONReader, String) throws(JSONError) -> Void
    ) throws(JSONError) {
        try expect(UInt8(ascii: "{"))
        depth += 1
        guard depth <= deepest else { throw error(.tooDeep) }
        if peek() == UInt8(ascii: "}"), position < end {
            position += 1
            depth -= 1
            return
        }
        while true {
            guard peek() == UInt8(ascii: "\""), position < end else { throw unexpected() }
            let name = try string()
            try expect(UInt8(ascii: ":"))
            try body(&self, name)
            if peek() == UInt8(ascii: ","), position < end {
                position += 1
                continue
            }
            try expect(UInt8(ascii: "}"))
            depth -= 1
            return
        }
    }

    private mutating func object() throws(JSONError) -> JSON.Object {
        var members: [JSON.Object.Member] = []
        // A small object is searched name by name; a large one, which may be hostile, by hash.
        var seen: Set<String>?
        try self.members { (reader, name) throws(JSONError) in
            if seen != nil {
                guard seen!.insert(name).inserted else { throw reader.error(.duplicateName) }
            } else {
                for member in members where member.name == name { throw reader.error(.duplicateName) }
                if members.count == 16 { seen = Set(members.map(\.name) + [name]) }
            }
            members.append(JSON.Object.Member(name: name, value: try reader.value()))
        }
        return JSON.Object(members: members)
    }

    private mutating func array() throws(JSONError) -> [JSON] {
        position += 1
        depth += 1
        guard depth <= deepest else { throw error(.tooDeep) }
        var items: [JSON] = []
        if peek() == UInt8(ascii: "]"), position < end {
            position += 1
            depth -= 1
            return items
        }
        while true {
            items.append(try value())
            if peek() == UInt8(ascii: ","), position < end {
                position += 1
                continue
            }
            try expect(UInt8(ascii: "]"))
            depth -= 1
            return items
        }
    }
}

// MARK: - Numbers

extension JSONReader {
    private mutating func digits() -> Int {
        let start = position
        while position < end, base[position] &- 0x30 < 10 { position += 1 }
        return position - start
    }

    private mutating func number() throws(JSONError) -> JSON {
        let start = position
        if base[position] == UInt8(ascii: "-") { position += 1 }
        let startsWithZero = position < end && base[position] == UInt8(ascii: "0")
        let wholeDigits = digits()
        guard wholeDigits > 0, !(startsWithZero && wholeDigits > 1) else { throw error(.invalidNumber) }
        var isWhole = true
        if position < end, base[position] == UInt8(ascii: ".") {
            isWhole = false
            position += 1
            guard digits() > 0 else { throw error(.invalidNumber) }
        }
        if position < end, base[position] | 0x20 == UInt8(ascii: "e") {
            isWhole = false
            position += 1
            if position < end, base[position] == UInt8(ascii: "+") || base[position] == UInt8(ascii: "-") {
                position += 1
            }
            guard digits() > 0 else { throw error(.invalidNumber) }
        }
        if isWhole, let integer = integer(from: start) { return .integer(integer) }
        let text = String(decoding: UnsafeBufferPointer(start: base + start, count: position - start), as: UTF8.self)
        guard let number = Double(text), number.isFinite else { throw error(.invalidNumber) }
        return .number(number)
    }

    private func integer(from start: Int) -> Int? {
        let isNegative = base[start] == UInt8(ascii: "-")
        var result = 0
        for index in (isNegative ? start + 1 : start)..<position {
            let digit = Int(base[index] &- 0x30)
            let (tens, tooMany) = result.multipliedReportingOverflow(by: 10)
            let (sum, tooMuch) =
                isNegative ? tens.subtractingReportingOverflow(digit) : tens.addingReportingOverflow(digit)
            if tooMany || tooMuch { return nil }
            result = sum
        }
        return result
    }
}

extension JSON {
    /// Reads one JSON text.
    ///
    /// - Throws: ``JSONError`` with the reason and the octet.
    public init(parsing bytes: some Sequence<UInt8>, limits: JSONReader.Limits = .init()) throws(JSONError) {
        func read(_ buffer: UnsafeBufferPointer<UInt8>) -> Result<JSON, JSONError> {
            Result { () throws(JSONError) in
                var reader = JSONReader(buffer, limits: limits)
                let value = try reader.value()
                try reader.finish()
                return value
            }
        }
        let result = bytes.withContiguousStorageIfAvailable(read) ?? Array(bytes).withUnsafeBufferPointer(read)
        self = try result.get()
    }

    /// Reads one JSON text.
    public init(parsing text: String) throws(JSONError) {
        try self.init(parsing: text.utf8)
    }
}
