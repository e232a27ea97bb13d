/// Arrays of one dimension; an Optional element takes NULL.
extension Array: PostgresDecodable where Element: PostgresDecodable {
    public init?(postgres octets: UnsafeRawBufferPointer, type: PostgresType) {
        // dimensions, whether there are NULLs, the elements' type; then for each dimension its size and first index
        guard let dimensions = octets.int32(at: 0), let element = octets.int32(at: 8) else { return nil }
        // A scalar's octets may look like this by chance: its type tells.
        guard type.isArray else { return nil }
        if dimensions == 0 {
            self = []
            return
        }
        guard dimensions == 1, let count = octets.int32(at: 12), count >= 0 else { return nil }
        let elementType = PostgresType(rawValue: UInt32(bitPattern: element))
        var values: [Element] = []
        values.reserveCapacity(Swift.min(Int(count), octets.count / 4))
        var position = 20
        for _ in 0..<count {
            guard let length = octets.int32(at: position) else { return nil }
            position += 4
            if length < 0 {
                guard let null = Element.fromNull else { return nil }
                values.append(null)
                continue
            }
            guard Int(length) <= octets.count - position else { return nil }
            let part = UnsafeRawBufferPointer(rebasing: octets[position..<position + Int(length)])
            guard let value = Element(postgres: part, type: elementType) else { return nil }
            values.append(value)
            position += Int(length)
        }
        self = values
    }
}

extension UnsafeRawBufferPointer {
    fileprivate func int32(at offset: Int) -> Int32? {
        guard offset >= 0, offset + 4 <= count else { return nil }
        return Int32(bigEndian: loadUnaligned(fromByteOffset: offset, as: Int32.self))
    }
}

extension PostgresType {
    /// Whether it is an array of a type we know, or of one that a database added.
    var isArray: Bool {
        switch rawValue {
        case 199, 1000...1028, 1115, 1182, 1185, 1231, 2951, 3807: true
        default: rawValue >= 16384
        }
    }
}

/// PostgreSQL's `numeric` in its binary format: groups of four decimal digits.
enum PostgresNumeric {
    /// The number as text, exactly; nil when the octets are no `numeric`.
    static func text(of octets: UnsafeRawBufferPointer) -> String? {
        func int16(_ index: Int) -> Int16 {
            Int16(bigEndian: octets.loadUnaligned(fromByteOffset: index * 2, as: Int16.self))
        }
        guard octets.count >= 8 else { return nil }
        let count = Int(int16(0))
        let weight = Int(int16(1))
        let scale = Int(int16(3))
        guard count >= 0, scale >= 0, octets.count == 8 + count * 2 else { return nil }
        var text: String
        switch UInt16(bitPattern: int16(2)) {
        case 0x0000: text = ""
        case 0x4000: text = "-"
        case 0xC000: return "NaN"
        case 0xD000: return "Infinity"
        case 0xF000: return "-Infinity"
        default: return nil
        }
        func group(_ index: Int) -> String {
            let value = index >= 0 && index < count ? String(int16(4 + index)) : "0"
            return String(repeating: "0", count: max(0, 4 - value.count)) + value
        }
        let whole = weight < 0 ? "" : (0...weight).map(group).joined()
        let digits = whole.drop { $0 == "0" }
        text += digits.isEmpty ? "0" : digits
        if scale > 0 {
            let groups = (scale + 3) / 4
            let fraction = (0..<groups).map { group(weight + 1 + $0) }.joined()
            text += "." + fraction.prefix(scale)
        }
        return text
    }
}
