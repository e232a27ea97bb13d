/// quoted-printable (RFC 2045, 6.7): soft line breaks are undone, blanks that a relay has put at line ends are dropped, and an `=`
/// that introduces nothing stays what it is.
package enum QuotedPrintable {
    package static func decode(_ octets: ArraySlice<UInt8>, limit: Int = .max) -> [UInt8] {
        // Nothing becomes longer by being decoded.
        let capacity = Swift.min(octets.count, limit)
        return [UInt8](unsafeUninitializedCapacity: capacity) { output, count in
            count = octets.withUnsafeBufferPointer { decode($0, into: output, limit: capacity) }
        }
    }

    private static func decode(
        _ input: UnsafeBufferPointer<UInt8>, into output: UnsafeMutableBufferPointer<UInt8>, limit: Int
    ) -> Int {
        var written = 0
        var position = 0
        while position < input.count, written < limit {
            let octet = input[position]
            if octet.isBlank {
                // Blanks are written once it is known that no line ends behind them.
                let start = position
                position = afterBlanks(input, from: position)
                guard position < input.count, !input[position].isLineEnd else { continue }
                for index in start..<Swift.min(position, start + limit - written) {
                    output[written] = input[index]
                    written += 1
                }
                continue
            }
            if octet == UInt8(ascii: "=") {
                if position + 2 < input.count, let high = input[position + 1].hexadecimal,
                    let low = input[position + 2].hexadecimal
                {
                    output[written] = high << 4 | low
                    written += 1
                    position += 3
                    continue
                }
                if let next = softBreak(input, after: position) {
                    position = next
                    continue
                }
            }
            output[written] = octet
            written += 1
            position += 1
        }
        return written
    }

    private static func afterBlanks(_ input: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        var position = start
        while position < input.count, input[position].isBlank { position += 1 }
        return position
    }

    /// Where the text goes on after a soft line break, if the `=` is one.
    private static func softBreak(_ input: UnsafeBufferPointer<UInt8>, after equals: Int) -> Int? {
        let position = afterBlanks(input, from: equals + 1)
        guard position < input.count else { return position }
        if input[position] == 0x0A { return position + 1 }
        guard input[position] == 0x0D else { return nil }
        return position + 1 < input.count && input[position + 1] == 0x0A ? position + 2 : position + 1
    }
}
