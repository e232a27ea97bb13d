/// base64 (RFC 2045, 6.8), as forgiving as the standard asks: what is no letter of it is skipped, padding may be missing, and the
/// first padding ends it, so that what a mailing list writes below is not read as octets.
enum Base64 {
    static func decode(_ octets: ArraySlice<UInt8>, limit: Int = .max) -> [UInt8] {
        // Four octets more than three for each four: the last quantum is written whole and cut.
        let capacity = Swift.min(octets.count / 4 * 3 + 6, limit < .max - 3 ? limit + 3 : limit)
        return [UInt8](unsafeUninitializedCapacity: capacity) { output, count in
            count = values.withUnsafeBufferPointer { values in
                octets.withUnsafeBufferPointer { decode($0, values, into: output, limit: Swift.min(limit, capacity)) }
            }
        }
    }

    private static func decode(
        _ input: UnsafeBufferPointer<UInt8>, _ values: UnsafeBufferPointer<UInt8>,
        into output: UnsafeMutableBufferPointer<UInt8>,
        limit: Int
    ) -> Int {
        var quantum: UInt32 = 0
        var letters = 0
        var written = 0
        var position = 0
        while position < input.count {
            // Whole lines are letters only: four at a time.
            while letters == 0, position + 4 <= input.count, written + 3 <= limit {
                let a = values[Int(input[position])]
                let b = values[Int(input[position + 1])]
                let c = values[Int(input[position + 2])]
                let d = values[Int(input[position + 3])]
                guard a | b | c | d < 64 else { break }
                output[written] = a << 2 | b >> 4
                output[written + 1] = b << 4 | c >> 2
                output[written + 2] = c << 6 | d
                written += 3
                position += 4
            }
            guard position < input.count, written < limit else { break }
            let value = values[Int(input[position])]
            position += 1
            if value == padding, letters >= 2 { break }
            guard value < 64 else { continue }
            quantum = quantum << 6 | UInt32(value)
            letters += 1
            guard letters == 4 else { continue }
            for shift in [16, 8, 0] as [UInt32] where written < limit {
                output[written] = UInt8(truncatingIfNeeded: quantum >> shift)
                written += 1
            }
            letters = 0
            quantum = 0
        }
        if letters >= 2, written < limit {
            output[written] = UInt8(truncatingIfNeeded: quantum >> UInt32(letters * 6 - 8))
            written += 1
            if letters == 3, written < limit {
                output[written] = UInt8(truncatingIfNeeded: quantum >> 2)
                written += 1
            }
        }
        return written
    }

    private static let padding: UInt8 = 65

    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 255, count: 256)
        for (value, letter) in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8.enumerated() {
            values[Int(letter)] = UInt8(value)
        }
        values[Int(UInt8(ascii: "="))] = padding
        return values
    }()
}
