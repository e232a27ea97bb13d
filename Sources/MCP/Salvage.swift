import JSON

extension Message {
    /// Looks for the id in a line that is well-formed JSON but more than we accept (too deep, too many values, a name twice), so
    /// that the client learns which of its requests failed instead of waiting for it.
    static func salvagedID(from line: UnsafeBufferPointer<UInt8>, after error: JSONError) -> RequestID? {
        switch error.reason {
        case .tooDeep, .tooManyValues, .duplicateName, .loneSurrogate: break
        default: return nil
        }
        var depth = 0, index = 0
        while index < line.count {
            switch line[index] {
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            case UInt8(ascii: "\""):
                let start = index
                index = endOfString(in: line, from: index)
                guard depth == 1, line[start...].starts(with: Array("\"id\"".utf8)) else { break }
                var colon = index + 1
                while colon < line.count, line[colon] == 0x20 || line[colon] == 0x09 { colon += 1 }
                guard colon + 1 < line.count, line[colon] == UInt8(ascii: ":") else { break }
                let rest = UnsafeBufferPointer(rebasing: line[(colon + 1)...])
                var reader = JSONReader(rest)
                let first = reader.peek()
                guard first != UInt8(ascii: "{"), first != UInt8(ascii: "[") else { return nil }
                return (try? reader.identifier(of: rest)) ?? nil
            default: break
            }
            index += 1
        }
        return nil
    }

    private static func endOfString(in line: UnsafeBufferPointer<UInt8>, from quote: Int) -> Int {
        var index = quote + 1
        while index < line.count, line[index] != UInt8(ascii: "\"") {
            index += line[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        return index
    }
}
