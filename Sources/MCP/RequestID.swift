import JSON

/// The id of a request: a string or an integer of any size, echoed exactly as it was written.
struct RequestID: Sendable, Hashable {
    /// The id as JSON text, the way the client wrote it.
    let token: [UInt8]
    /// Two ids are the same when their keys are: strings by content, integers by digits; `"7"` is not `7`.
    let key: String

    static func == (one: RequestID, other: RequestID) -> Bool { one.key == other.key }
    func hash(into hasher: inout Hasher) { hasher.combine(key) }

    /// Takes a value and the text it was read from; `nil` for what cannot be an id.
    init?(_ value: JSON, token: UnsafeBufferPointer<UInt8>) {
        switch value {
        case .string(let text): key = "\"" + text
        case .integer, .number:
            // An integer beyond 64 bits is still an integer; 1.0 and 1e3 are not.
            guard token.allSatisfy({ ($0 >= 0x30 && $0 <= 0x39) || $0 == UInt8(ascii: "-") }) else { return nil }
            key = String(decoding: token, as: UTF8.self)
        default: return nil
        }
        self.token = Array(token)
    }

    /// An id of our own, for a request that we send.
    init(_ text: String) {
        key = "\"" + text
        token = JSON.string(text).bytes
    }
}

extension JSONReader {
    /// Reads the next value and, if it may serve as an id, keeps the text it was written in.
    mutating func identifier(of line: UnsafeBufferPointer<UInt8>) throws(JSONError) -> RequestID? {
        _ = peek()
        let start = position
        let value = try value()
        return RequestID(value, token: UnsafeBufferPointer(rebasing: line[start..<position]))
    }
}
