import CIconv

/// One use of the system's iconv: from a charset to UTF-8.
struct CharsetConversion: ~Copyable {
    private let conversion: UnsafeMutableRawPointer

    /// Nil where the system does not have the charset.
    init?(from name: Charset.StaticName) {
        guard let conversion = atlas_iconv_open(name.text) else { return nil }
        self.conversion = conversion
    }

    deinit { atlas_iconv_close(conversion) }

    /// All of the octets; each that stands for nothing becomes U+FFFD, and the conversion goes on with the next one.
    consuming func convert(_ octets: ArraySlice<UInt8>, isCut: Bool) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(octets.count + octets.count / 2)
        var room = [UInt8](repeating: 0, count: 8192)
        octets.withUnsafeBufferPointer { all in
            var input = all.baseAddress
            var left = all.count
            while left > 0 {
                let stop = step(&input, &left, &room, into: &text)
                switch stop {
                case .done, .full: continue
                case .incomplete:
                    if !isCut { text.append(contentsOf: Self.replacement) }
                    left = 0
                case .invalid:
                    text.append(contentsOf: Self.replacement)
                    input = input.map { $0 + 1 }
                    left -= 1
                }
            }
            input = nil
            _ = step(&input, &left, &room, into: &text)
        }
        return String(decoding: text, as: UTF8.self)
    }

    private enum Stop { case done, full, invalid, incomplete }

    private func step(
        _ input: inout UnsafePointer<UInt8>?, _ left: inout Int, _ room: inout [UInt8], into text: inout [UInt8]
    ) -> Stop {
        room.withUnsafeMutableBufferPointer { buffer in
            guard let start = buffer.baseAddress else { return .done }
            var output = start
            var free = buffer.count
            let before = left
            let stop = atlas_iconv(conversion, &input, &left, &output, &free)
            text.append(contentsOf: UnsafeBufferPointer(start: start, count: buffer.count - free))
            switch stop {
            case atlas_iconv_incomplete: return .incomplete
            case atlas_iconv_invalid: return .invalid
            // Nothing read and nothing written would go on for ever.
            case atlas_iconv_full: return before == left && free == buffer.count ? .invalid : .full
            default: return before == left && before > 0 ? .invalid : .done
            }
        }
    }

    private static let replacement: [UInt8] = [0xEF, 0xBF, 0xBD]
}
