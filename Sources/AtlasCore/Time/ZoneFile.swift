#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Reads TZif files (RFC 9636 section 3), version 1 to 4.
enum ZoneFile {
    static func read(_ path: String, name: String) -> BusinessZone? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 256 * 1024)
        var count = 0
        while count < bytes.count {
            let got = bytes.withUnsafeMutableBytes { readOctets(file, $0.baseAddress! + count, $0.count - count) }
            guard got > 0 else { break }
            count += got
        }
        return parse(bytes[..<count], name: name)
    }

    private struct Header {
        var version: UInt8
        var utIndicators, standardIndicators, leapSeconds, transitions, types, abbreviations: Int

        /// How many octets the data after the header takes, with times of `width` octets.
        func size(width: Int) -> Int {
            transitions * (width + 1) + types * 6 + abbreviations + leapSeconds * (width + 4) + standardIndicators
                + utIndicators
        }
    }

    static func parse(_ bytes: ArraySlice<UInt8>, name: String) -> BusinessZone? {
        let bytes = Array(bytes)
        guard let old = header(bytes, at: 0) else { return nil }
        guard old.version >= UInt8(ascii: "2") else { return zone(bytes, at: 44, old, width: 4, rule: nil, name) }
        let second = 44 + old.size(width: 4)
        guard let new = header(bytes, at: second) else { return nil }
        let end = second + 44 + new.size(width: 8)
        var rule: ZoneRule?
        if end < bytes.count, bytes[end] == UInt8(ascii: "\n") {
            let footer = bytes[(end + 1)...].prefix { $0 != UInt8(ascii: "\n") }
            rule = ZoneRule(String(decoding: footer, as: UTF8.self))
        }
        return zone(bytes, at: second + 44, new, width: 8, rule: rule, name)
    }

    private static func header(_ bytes: [UInt8], at start: Int) -> Header? {
        guard bytes.count >= start + 44, bytes[start..<(start + 4)].elementsEqual("TZif".utf8) else { return nil }
        func count(_ index: Int) -> Int { Int(UInt32(truncatingIfNeeded: big(bytes, at: start + 20 + index * 4, 4))) }
        let header = Header(
            version: bytes[start + 4], utIndicators: count(0), standardIndicators: count(1), leapSeconds: count(2),
            transitions: count(3), types: count(4), abbreviations: count(5))
        guard header.types > 0, header.transitions < 1 << 16, header.types < 256, header.abbreviations < 1 << 12,
            header.leapSeconds < 1 << 12, header.utIndicators <= header.types,
            header.standardIndicators <= header.types
        else { return nil }
        return header
    }

    /// A big-endian two's-complement number.
    private static func big(_ bytes: [UInt8], at start: Int, _ width: Int) -> Int {
        let value = bytes[start..<(start + width)].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return width == 8 ? Int(bitPattern: UInt(value)) : Int(Int32(truncatingIfNeeded: value))
    }

    private static func zone(
        _ bytes: [UInt8], at start: Int, _ header: Header, width: Int, rule: ZoneRule?, _ name: String
    ) -> BusinessZone? {
        guard bytes.count >= start + header.size(width: width) else { return nil }
        let indices = start + header.transitions * width
        let types = indices + header.transitions
        let abbreviations = types + header.types * 6

        func period(_ index: Int) -> ZoneRule.Period {
            let at = types + index * 6
            let text = bytes[min(abbreviations + Int(bytes[at + 5]), abbreviations + header.abbreviations)...]
                .prefix(header.abbreviations).prefix { $0 != 0 }
            return .init(offset: big(bytes, at: at, 4), abbreviation: String(decoding: text, as: UTF8.self))
        }
        let all = (0..<header.types).map(period)
        var transitions: [Int] = []
        var periods: [ZoneRule.Period] = []
        for index in 0..<header.transitions {
            let type = Int(bytes[indices + index])
            let instant = big(bytes, at: start + index * width, width)
            guard type < all.count, transitions.last.map({ $0 < instant }) ?? true else { return nil }
            transitions.append(instant)
            periods.append(all[type])
        }
        return BusinessZone(name: name, transitions: transitions, periods: periods, rule: rule, first: all[0])
    }
}

#if canImport(Glibc)
    func readOctets(_ file: Int32, _ to: UnsafeMutableRawPointer, _ count: Int) -> Int {
        Glibc.read(file, to, count)
    }
#else
    func readOctets(_ file: Int32, _ to: UnsafeMutableRawPointer, _ count: Int) -> Int {
        Darwin.read(file, to, count)
    }
#endif
