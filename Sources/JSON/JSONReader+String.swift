extension JSONReader {
    mutating func string() throws(JSONError) -> String {
        position += 1
        let start = position
        var isASCII = true
        while position < end {
            let byte = base[position]
            if byte == UInt8(ascii: "\"") {
                let run = UnsafeBufferPointer(start: base + start, count: position - start)
                position += 1
                if isASCII { return String(decoding: run, as: UTF8.self) }
                guard let text = String(validating: run, as: UTF8.self) else { throw error(.invalidUTF8) }
                return text
            }
            if byte == UInt8(ascii: "\\") { return try escapedString(from: start) }
            if byte < 0x20 { throw error(.invalidString) }
            if byte >= 0x80 { isASCII = false }
            position += 1
        }
        throw error(.unexpectedEnd)
    }

    /// The rest of a string from its first escape on.
    private mutating func escapedString(from start: Int) throws(JSONError) -> String {
        var bytes = [UInt8](UnsafeBufferPointer(start: base + start, count: position - start))
        while position < end {
            let byte = base[position]
            position += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let text = String(validating: bytes, as: UTF8.self) else { throw error(.invalidUTF8) }
                return text
            case UInt8(ascii: "\\"): try escape(into: &bytes)
            case 0..<0x20: throw error(.invalidString)
            default: bytes.append(byte)
            }
        }
        throw error(.unexpectedEnd)
    }

    private mutating func escape(into bytes: inout [UInt8]) throws(JSONError) {
        guard position < end else { throw error(.unexpectedEnd) }
        let byte = base[position]
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): bytes.append(byte)
        case UInt8(ascii: "b"): bytes.append(0x08)
        case UInt8(ascii: "f"): bytes.append(0x0C)
        case UInt8(ascii: "n"): bytes.append(0x0A)
        case UInt8(ascii: "r"): bytes.append(0x0D)
        case UInt8(ascii: "t"): bytes.append(0x09)
        case UInt8(ascii: "u"):
            var code = try codeUnit()
            if code & 0xFC00 == 0xD800 {
                guard position + 1 < end, base[position] == UInt8(ascii: "\\"), base[position + 1] == UInt8(ascii: "u")
                else { throw error(.loneSurrogate) }
                position += 2
                let low = try codeUnit()
                guard low & 0xFC00 == 0xDC00 else { throw error(.loneSurrogate) }
                code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
            }
            guard let scalar = Unicode.Scalar(code) else { throw error(.loneSurrogate) }
            bytes.append(contentsOf: UTF8.encode(scalar)!)
        default: throw error(.invalidString)
        }
    }

    private mutating func codeUnit() throws(JSONError) -> UInt32 {
        guard position + 4 <= end else { throw error(.unexpectedEnd) }
        var code: UInt32 = 0
        for _ in 0..<4 {
            let digit: UInt8
            switch base[position] {
            case let byte where byte &- 0x30 < 10: digit = byte &- 0x30
            case let byte where (byte | 0x20) &- 0x61 < 6: digit = (byte | 0x20) &- 0x61 + 10
            default: throw error(.invalidString)
            }
            code = code << 4 | UInt32(digit)
            position += 1
        }
        return code
    }
}
