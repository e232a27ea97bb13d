import JSON

/// One JSON-RPC message from the client, as far as it could be understood.
struct Message: Sendable {
    /// What a line held.
    enum Line: Sendable {
        case single(Message)
        case batch([Message])
        case unreadable(JSONError, id: RequestID?)
    }

    var id: RequestID?
    var method: String?
    var params: JSON.Object?
    var result: JSON?
    var error: JSON?
    /// The request a `notifications/cancelled` is about, kept as text because an id may exceed 64 bits.
    var cancelled: RequestID?
    /// `_meta.progressToken`, as text for the same reason.
    var progressToken: RequestID?
    /// What makes it no JSON-RPC message, if anything does.
    var flaw: String?
    private(set) var hasID = false

    var isResponse: Bool { method == nil && (result != nil || error != nil) }
    var isNotification: Bool { method != nil && !hasID }

    /// The members of `params._meta`.
    var meta: JSON.Object? { params?["_meta"]?.object }

    /// Reads one line.
    static func read(_ line: UnsafeBufferPointer<UInt8>) -> Line {
        do {
            var reader = JSONReader(line)
            if reader.peek() == UInt8(ascii: "[") {
                let messages = try batch(&reader, line)
                try reader.finish()
                return .batch(messages)
            }
            let message = try Message(&reader, line)
            try reader.finish()
            return .single(message)
        } catch {
            return .unreadable(error, id: salvagedID(from: line, after: error))
        }
    }

    private static func batch(
        _ reader: inout JSONReader, _ line: UnsafeBufferPointer<UInt8>
    ) throws(JSONError) -> [Message] {
        var messages: [Message] = []
        try reader.expect(UInt8(ascii: "["))
        if reader.peek() != UInt8(ascii: "]") {
            messages.append(try Message(&reader, line))
            while reader.peek() == UInt8(ascii: ",") {
                try reader.expect(UInt8(ascii: ","))
                messages.append(try Message(&reader, line))
            }
        }
        try reader.expect(UInt8(ascii: "]"))
        return messages
    }

    private init(_ reader: inout JSONReader, _ line: UnsafeBufferPointer<UInt8>) throws(JSONError) {
        guard reader.peek() == UInt8(ascii: "{") else {
            _ = try reader.value()
            flaw = "a message is a JSON object"
            return
        }
        var isVersioned = false, seen = 0
        try reader.members { (reader, name) throws(JSONError) in
            let field = Field(rawValue: name)
            if let field {
                if seen & field.bit != 0 { flaw = "\(name) stands twice" }
                seen |= field.bit
            }
            switch field {
            case .jsonrpc: isVersioned = try reader.value() == .string("2.0")
            case .id:
                hasID = true
                id = try reader.identifier(of: line)
                if id == nil { flaw = "id must be a string or an integer" }
            case .method:
                method = try reader.value().text
                if method == nil { flaw = "method must be a string" }
            case .params: try readParameters(&reader, line)
            case .result: result = try reader.value()
            case .error: error = try reader.value()
            case nil: _ = try reader.value()
            }
        }
        if !isVersioned {
            flaw = "jsonrpc must be \"2.0\""
        } else if method == nil, result == nil, error == nil {
            flaw = flaw ?? "method is missing"
        } else if isNotification {
            // Nobody is told what is wrong with one.
            flaw = nil
        }
    }

    private enum Field: String {
        case jsonrpc, id, method, params, result, error

        var bit: Int {
            switch self {
            case .jsonrpc: 1
            case .id: 2
            case .method: 4
            case .params: 8
            case .result: 16
            case .error: 32
            }
        }
    }

    private mutating func readParameters(
        _ reader: inout JSONReader, _ line: UnsafeBufferPointer<UInt8>
    ) throws(JSONError) {
        _ = reader.peek()
        let start = reader.position
        switch try reader.value() {
        case .object(let members): params = members
        case .null: break
        default: flaw = "params must be an object"
        }
        guard let params else { return }
        let text = UnsafeBufferPointer(rebasing: line[start..<reader.position])
        if params["requestId"] != nil { cancelled = try Self.identifier("requestId", in: text) }
        if params["_meta"]?["progressToken"] != nil {
            progressToken = try Self.identifier("progressToken", inside: "_meta", in: text)
        }
    }

    /// Reads a member of an object once more, this time for its text.
    private static func identifier(
        _ wanted: String, inside outer: String? = nil, in text: UnsafeBufferPointer<UInt8>
    ) throws(JSONError) -> RequestID? {
        var found: RequestID?
        var reader = JSONReader(text)
        try reader.members { (reader, name) throws(JSONError) in
            if let outer, name == outer {
                _ = reader.peek()
                let start = reader.position
                _ = try reader.value()
                let inner = UnsafeBufferPointer(rebasing: text[start..<reader.position])
                found = try identifier(wanted, in: inner)
            } else if outer == nil, name == wanted {
                found = try reader.identifier(of: text)
            } else {
                _ = try reader.value()
            }
        }
        return found
    }
}
