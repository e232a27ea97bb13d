/// Writes compact JSON (RFC 8259) as UTF-8. What it writes never holds a raw newline.
public struct JSONWriter: Sendable {
    public var bytes: [UInt8] = []

    public init(capacity: Int = 256) { bytes.reserveCapacity(capacity) }

    /// Appends text that is JSON already, or a part of it.
    @inlinable @inline(__always)
    public mutating func raw(_ text: StaticString) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Appends octets that are JSON already, or a part of it.
    public mutating func raw(_ octets: some Collection<UInt8>) { bytes.append(contentsOf: octets) }

    @inlinable @inline(__always)
    public mutating func byte(_ byte: UInt8) { bytes.append(byte) }

    public mutating func write(_ value: JSON) {
        switch value {
        case .null: raw("null")
        case .bool(let flag): write(flag)
        case .integer(let integer): write(integer)
        case .number(let number): write(number)
        case .string(let text): write(text)
        case .array(let items):
            byte(UInt8(ascii: "["))
            for (index, item) in items.enumerated() {
                if index > 0 { byte(UInt8(ascii: ",")) }
                write(item)
            }
            byte(UInt8(ascii: "]"))
        case .object(let object): write(object)
        }
    }

    public mutating func write(_ object: JSON.Object) {
        byte(UInt8(ascii: "{"))
        for (index, member) in object.members.enumerated() {
            if index > 0 { byte(UInt8(ascii: ",")) }
            write(member.name)
            byte(UInt8(ascii: ":"))
            write(member.value)
        }
        byte(UInt8(ascii: "}"))
    }

    public mutating func write(_ flag: Bool) { flag ? raw("true") : raw("false") }

    public mutating func write(_ integer: Int) {
        if integer >= 0 && integer < 10 {
            byte(UInt8(ascii: "0") + UInt8(integer))
        } else {
            bytes.append(contentsOf: String(integer).utf8)
        }
    }

    /// A number that is not finite has no JSON form and is written as null.
    public mutating func write(_ number: Double) {
        guard number.isFinite else { return raw("null") }
        bytes.append(contentsOf: number.description.utf8)
    }

    /// Writes the digits of a number of another type; one that is not finite as null.
    public mutating func write(number digits: String, isFinite: Bool) {
        guard isFinite else { return raw("null") }
        bytes.append(contentsOf: digits.utf8)
    }

    public mutating func write(_ text: String) {
        var text = text
        text.withUTF8 { writeString($0) }
    }

    /// Writes octets, which must be valid UTF-8, as a JSON string: quoted, with what needs it escaped.
    public mutating func writeString(_ octets: UnsafeBufferPointer<UInt8>) {
        // Results are written twice, as JSON and as text that quotes it: every few octets need an escape. Gathering them first
        // costs a third of appending the runs between.
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 1024) { gathered in
            gathered[0] = UInt8(ascii: "\"")
            var count = 1
            for octet in octets {
                if count > gathered.count - 8 {
                    bytes.append(contentsOf: UnsafeBufferPointer(rebasing: gathered[..<count]))
                    count = 0
                }
                if octet >= 0x20 && octet != UInt8(ascii: "\"") && octet != UInt8(ascii: "\\") {
                    gathered[count] = octet
                    count += 1
                } else {
                    count += Self.escape(octet, into: gathered.baseAddress! + count)
                }
            }
            gathered[count] = UInt8(ascii: "\"")
            bytes.append(contentsOf: UnsafeBufferPointer(rebasing: gathered[...count]))
        }
    }

    /// Writes the escape of an octet and says how long it is: 2 or 6 octets.
    private static func escape(_ octet: UInt8, into target: UnsafeMutablePointer<UInt8>) -> Int {
        target[0] = UInt8(ascii: "\\")
        switch octet {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): target[1] = octet
        case 0x0A: target[1] = UInt8(ascii: "n")
        case 0x0D: target[1] = UInt8(ascii: "r")
        case 0x09: target[1] = UInt8(ascii: "t")
        default:
            target[1] = UInt8(ascii: "u")
            target[2] = UInt8(ascii: "0")
            target[3] = UInt8(ascii: "0")
            target[4] = UInt8(ascii: "0") + octet >> 4
            target[5] = octet & 15 < 10 ? 0x30 + octet & 15 : 0x57 + octet & 15
            return 6
        }
        return 2
    }
}

extension JSON: CustomStringConvertible {
    /// The value as compact JSON text on one line.
    public var description: String { String(decoding: bytes, as: UTF8.self) }

    /// The value as compact JSON text on one line, in UTF-8.
    public var bytes: [UInt8] {
        var writer = JSONWriter()
        writer.write(self)
        return writer.bytes
    }
}
