import JSON

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Says how many seconds east of UTC the business is at a moment.
public typealias ZoneOffset = @Sendable (Date) -> Int

/// A result while it is written: JSON text, straight from `Codable` records, without a tree in between.
///
/// Names are snake_case (those of dictionaries stay as they are), `nil` is null, dates are RFC 3339 in the business's zone, UUIDs
/// are in lower case, ``JSON`` values stand as they are. ``ResultSchema`` describes the same.
final class ResultPage {
    // Containers take turns and never write while another does; checking that on every octet is a tenth of the time.
    @exclusivity(unchecked) var json: JSONWriter
    let offset: ZoneOffset
    /// What has been opened and not closed, outermost first.
    @exclusivity(unchecked) private var levels: [Level] = []
    /// Containers that were asked for to be filled later, and where they belong.
    private var insertions: [(position: Int, page: ResultPage)] = []

    enum Level {
        /// Nothing has been written for the value yet.
        case blank
        /// A single value has.
        case value
        case object(count: Int)
        case array(count: Int)
    }

    init(offset: @escaping ZoneOffset, capacity: Int = 1024) {
        self.offset = offset
        self.json = JSONWriter(capacity: capacity)
    }

    /// The JSON text of a value.
    static func octets<Value: Encodable>(of value: Value, offset: @escaping ZoneOffset) throws -> [UInt8] {
        let page = ResultPage(offset: offset)
        try page.write(value)
        page.insert()
        return page.json.bytes
    }

    // MARK: Values

    func write<Value: Encodable>(_ value: Value) throws {
        if write(leaf: value) { return }
        let level = open()
        try value.encode(to: ResultEncoder(page: self, level: level))
        close(level)
    }

    /// Writes the types whose form on the wire is not what their own `encode(to:)` would say.
    private func write<Value>(leaf value: Value) -> Bool {
        if Value.self == UUID.self {
            write(value as! UUID)
        } else if Value.self == Date.self {
            write(value as! Date)
        } else if Value.self == String.self {
            json.write(value as! String)
        } else if Value.self == JSON.self {
            json.write(value as! JSON)
        } else if Value.self == JSON.Object.self {
            json.write(value as! JSON.Object)
        } else if Value.self == URL.self {
            json.write((value as! URL).absoluteString)
        } else if Value.self == Decimal.self {
            json.write((value as! Decimal).description)
        } else {
            return false
        }
        return true
    }

    private func write(_ uuid: UUID) {
        json.byte(UInt8(ascii: "\""))
        withUnsafeBytes(of: uuid.uuid) { octets in
            for (index, octet) in octets.enumerated() {
                if index == 4 || index == 6 || index == 8 || index == 10 { json.byte(UInt8(ascii: "-")) }
                json.byte(Self.hexDigit(octet >> 4))
                json.byte(Self.hexDigit(octet & 15))
            }
        }
        json.byte(UInt8(ascii: "\""))
    }

    private static func hexDigit(_ nibble: UInt8) -> UInt8 { nibble < 10 ? 0x30 + nibble : 0x57 + nibble }

    private func write(_ date: Date) {
        json.byte(UInt8(ascii: "\""))
        Timestamp(date, offset: offset(date)).write(to: &json.bytes)
        json.byte(UInt8(ascii: "\""))
    }

    // MARK: Levels

    func open() -> Int {
        levels.append(.blank)
        return levels.count - 1
    }

    func close(_ level: Int) {
        precondition(level == levels.count - 1, "A container was kept longer than the value it belongs to.")
        switch levels.removeLast() {
        case .blank: json.raw("{}")
        case .value: break
        case .object: json.byte(UInt8(ascii: "}"))
        case .array: json.byte(UInt8(ascii: "]"))
        }
    }

    /// A superclass and its subclass may both ask for the container of one value: it is opened once.
    func beginObject(_ level: Int) {
        guard case .blank = levels[level] else { return }
        levels[level] = .object(count: 0)
        json.byte(UInt8(ascii: "{"))
    }

    func beginArray(_ level: Int) {
        guard case .blank = levels[level] else { return }
        levels[level] = .array(count: 0)
        json.byte(UInt8(ascii: "["))
    }

    func beginValue(_ level: Int) { levels[level] = .value }

    /// Makes ready for the value of a member.
    func member(_ name: String, _ level: Int, isVerbatim: Bool) {
        guard case .object(let count) = levels[level] else { return }
        levels[level] = .object(count: count + 1)
        if count > 0 { json.byte(UInt8(ascii: ",")) }
        if isVerbatim {
            json.write(name)
        } else {
            json.byte(UInt8(ascii: "\""))
            name.appendSnakeCased(to: &json.bytes)
            json.byte(UInt8(ascii: "\""))
        }
        json.byte(UInt8(ascii: ":"))
    }

    /// Makes ready for the next item of a list.
    func item(_ level: Int) {
        guard case .array(let count) = levels[level] else { return }
        levels[level] = .array(count: count + 1)
        if count > 0 { json.byte(UInt8(ascii: ",")) }
    }

    func count(_ level: Int) -> Int {
        guard level < levels.count, case .array(let count) = levels[level] else { return 0 }
        return count
    }

    // MARK: Containers filled later

    /// A page for a nested container, which belongs here but may be written to at any time until this page is done.
    func nested() -> ResultPage {
        let page = ResultPage(offset: offset, capacity: 64)
        insertions.append((json.bytes.count, page))
        _ = page.open()
        return page
    }

    /// Puts the nested pages where they belong.
    private func insert() {
        guard !insertions.isEmpty else { return }
        var whole: [UInt8] = []
        var copied = 0
        for (position, page) in insertions {
            whole += json.bytes[copied..<position]
            page.close(0)
            page.insert()
            whole += page.json.bytes
            copied = position
        }
        whole += json.bytes[copied...]
        json.bytes = whole
        insertions = []
    }
}
