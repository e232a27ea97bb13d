/// What `uuencode` of Unix writes (POSIX), from before MIME: lines between `begin` and `end`, the first character of each tells how
/// many octets it holds.
enum UUEncoding {
    static func decode(_ octets: ArraySlice<UInt8>, limit: Int = .max) -> [UInt8] {
        var decoded: [UInt8] = []
        var inside = false
        var position = octets.startIndex
        while position < octets.endIndex, decoded.count < limit {
            let end = octets.next(0x0A, from: position, before: octets.endIndex)
            var line = octets[position..<end]
            if line.last == 0x0D { line = line.dropLast() }
            position = end + 1
            if !inside {
                inside = line.starts(with: "begin ".utf8)
            } else if line.elementsEqual("end".utf8) {
                break
            } else if let first = line.first {
                append(line.dropFirst(), count: Swift.min(value(first), limit - decoded.count), to: &decoded)
            }
        }
        return decoded
    }

    private static func append(_ line: ArraySlice<UInt8>, count: Int, to decoded: inout [UInt8]) {
        var left = count
        var position = line.startIndex
        while left > 0, position < line.endIndex {
            // Relays take blanks off line ends, and a blank is a zero.
            let group = (0..<4).map { position + $0 < line.endIndex ? value(line[position + $0]) : 0 }
            let bits = group[0] << 18 | group[1] << 12 | group[2] << 6 | group[3]
            for shift in [16, 8, 0] where left > 0 {
                decoded.append(UInt8(truncatingIfNeeded: bits >> shift))
                left -= 1
            }
            position += 4
        }
    }

    private static func value(_ octet: UInt8) -> Int { (Int(octet) - 32) & 63 }
}
