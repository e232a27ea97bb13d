/// Content made fit for seven bits and short lines (RFC 2045, 6).
enum ContentEncoder {
    /// Base64 (6.8) without line breaks.
    static func base64(_ octets: ArraySlice<UInt8>, to output: inout [UInt8]) {
        octets.withUnsafeBufferPointer { source in
            output += [UInt8](unsafeUninitializedCapacity: (source.count + 2) / 3 * 4) { target, count in
                count = encode(source, to: target)
            }
        }
    }

    /// Base64 in lines of 76 octets, each ended by CRLF. By blocks: a large attachment is in memory as octets and as base64, never a
    /// third time.
    static func base64Lines(_ octets: [UInt8], to output: inout [UInt8]) {
        let lineOctets = 57
        let lineLength = 78
        octets.withUnsafeBufferPointer { source in
            var start = 0
            while start < source.count {
                let end = min(start + lineOctets * 512, source.count)
                output += [UInt8](unsafeUninitializedCapacity: 512 * lineLength) { target, count in
                    while start < end {
                        let line = UnsafeBufferPointer(rebasing: source[start..<min(start + lineOctets, end)])
                        count += encode(line, to: UnsafeMutableBufferPointer(rebasing: target[count...]))
                        target[count] = 0x0D
                        target[count + 1] = 0x0A
                        count += 2
                        start += lineOctets
                    }
                }
            }
        }
    }

    private static func encode(_ source: UnsafeBufferPointer<UInt8>, to target: UnsafeMutableBufferPointer<UInt8>)
        -> Int
    {
        var written = 0
        var read = 0
        while read < source.count {
            let left = source.count - read
            var bits = UInt32(source[read]) << 16
            if left > 1 { bits |= UInt32(source[read + 1]) << 8 }
            if left > 2 { bits |= UInt32(source[read + 2]) }
            target[written] = base64Digit(bits >> 18)
            target[written + 1] = base64Digit(bits >> 12)
            target[written + 2] = left > 1 ? base64Digit(bits >> 6) : UInt8(ascii: "=")
            target[written + 3] = left > 2 ? base64Digit(bits) : UInt8(ascii: "=")
            read += 3
            written += 4
        }
        return written
    }

    private static func base64Digit(_ bits: UInt32) -> UInt8 {
        let value = UInt8(truncatingIfNeeded: bits & 63)
        switch value {
        case 0..<26: return value + 65
        case 26..<52: return value + 71
        case 52..<62: return value - 4
        case 62: return UInt8(ascii: "+")
        default: return UInt8(ascii: "/")
        }
    }

    /// Quoted-printable (6.7) of lines that end with CRLF.
    static func quotedPrintable(_ octets: [UInt8], to output: inout [UInt8]) {
        var column = 0
        for (index, octet) in octets.enumerated() {
            if octet == 0x0D || octet == 0x0A {
                output.append(octet)
                column = 0
                continue
            }
            let isLastOfLine = index + 1 == octets.count || octets[index + 1] == 0x0D
            let isBare = isBare(
                octet, isFirst: column == 0, isLast: isLastOfLine, followedBy: octets[index...].dropFirst())
            let width = isBare ? 1 : 3
            // A line has 76 octets with the `=` of its soft break; the last of a line needs none.
            if column + width > (isLastOfLine ? 76 : 75) {
                output += [UInt8(ascii: "="), 0x0D, 0x0A]
                column = 0
            }
            if isBare {
                output.append(octet)
            } else {
                output += [UInt8(ascii: "="), hexDigit(octet >> 4), hexDigit(octet & 15)]
            }
            column += width
        }
    }

    /// Whether an octet stands for itself. Blanks at the end of a line get lost on the way, and a line that begins with `From ` gets
    /// another letter before it where mail is kept in one file.
    private static func isBare(_ octet: UInt8, isFirst: Bool, isLast: Bool, followedBy rest: ArraySlice<UInt8>) -> Bool
    {
        switch octet {
        case UInt8(ascii: "="): false
        case UInt8(ascii: " "), 0x09: !isLast
        case UInt8(ascii: "F"): !(isFirst && rest.starts(with: "rom ".utf8))
        default: octet > 0x20 && octet < 0x7F
        }
    }

    static func hexDigit(_ value: UInt8) -> UInt8 { value < 10 ? value + 48 : value + 55 }
}
