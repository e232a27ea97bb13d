/// quoted-printable (RFC 2045, 6.7): soft line breaks are undone, blanks that a relay has put at line ends are dropped, and an `=`
/// that introduces nothing stays what it is.
enum QuotedPrintable {
    static func decode(_ octets: ArraySlice<UInt8>, limit: Int = .max) -> [UInt8] {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(Swift.min(octets.count, limit))
        var position = octets.startIndex
        // Where the blanks begin that the end of a line would make void.
        var blanks = 0
        while position < octets.endIndex, decoded.count < limit {
            let octet = octets[position]
            switch octet {
            case UInt8(ascii: "="):
                if position + 2 < octets.endIndex, let high = octets[position + 1].hexadecimal,
                    let low = octets[position + 2].hexadecimal
                {
                    decoded.append(high << 4 | low)
                    position += 3
                } else if let next = softBreak(octets, after: position) {
                    position = next
                } else {
                    decoded.append(octet)
                    position += 1
                }
                blanks = 0
            case 0x0D, 0x0A:
                decoded.removeLast(blanks)
                decoded.append(octet)
                blanks = 0
                position += 1
            default:
                blanks = octet.isBlank ? blanks + 1 : 0
                decoded.append(octet)
                position += 1
            }
        }
        if position == octets.endIndex { decoded.removeLast(blanks) }
        return decoded
    }

    /// Where the text goes on after a soft line break, if the `=` is one.
    private static func softBreak(_ octets: ArraySlice<UInt8>, after equals: Int) -> Int? {
        var position = equals + 1
        // A line has 76 octets; nobody follows blanks for ever, and not again from each `=` among them.
        while position < octets.endIndex, octets[position].isBlank, position - equals < 1000 { position += 1 }
        guard position < octets.endIndex else { return position }
        if octets[position] == 0x0D {
            position += 1
            return position < octets.endIndex && octets[position] == 0x0A ? position + 1 : position
        }
        return octets[position] == 0x0A ? position + 1 : nil
    }
}
