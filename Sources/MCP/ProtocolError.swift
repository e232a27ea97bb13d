import JSON

/// An error of the protocol itself, answered as JSON-RPC `error`. What goes wrong inside a tool is a result instead.
struct ProtocolError: Error, Sendable, Equatable {
    let code: Int
    let message: String
    var data: JSON?

    init(_ code: Int, _ message: String, data: JSON? = nil) {
        self.code = code
        self.message = message
        self.data = data
    }

    static let notAnObject = invalidRequest("a message is a JSON object")
    static let lineTooLong = invalidRequest("a line is longer than 64 MiB")
    static let badCursor = ProtocolError(-32602, "Invalid cursor")
    static let `internal` = ProtocolError(-32603, "Internal error. The log has the details.")

    static func unparsable(_ error: JSONError) -> ProtocolError {
        ProtocolError(-32700, "Parse error: \(error.reason.rawValue)")
    }

    static func invalidRequest(_ reason: String) -> ProtocolError {
        ProtocolError(-32600, "Invalid request: \(reason)")
    }

    static func unknownMethod(_ method: String) -> ProtocolError {
        ProtocolError(-32601, "Method not found: \(method.quotable)")
    }

    static func badParameters(_ reason: String) -> ProtocolError { ProtocolError(-32602, reason) }

    static func unknownTool(_ name: String) -> ProtocolError { badParameters("Unknown tool: \(name.quotable)") }

    /// The newest revision calls a missing resource a bad parameter, the older ones have a code for it.
    static func noResource(_ uri: String, _ revision: Revision) -> ProtocolError {
        ProtocolError(revision.isModern ? -32602 : -32002, "Resource not found", data: ["uri": .string(uri)])
    }

    static func unsupportedVersion(_ requested: String) -> ProtocolError {
        let isLegacy = Revision(rawValue: requested) != nil
        return ProtocolError(
            -32022, isLegacy ? "\(requested) needs initialize, not _meta" : "Unsupported protocol version",
            data: ["supported": Revision.supported, "requested": .string(requested)])
    }

    static let needsElicitation = ProtocolError(
        -32021, "This request needs a client that supports elicitation",
        data: ["requiredCapabilities": ["elicitation": [:]]])
}

extension String {
    /// The text as it may be repeated in an error: not longer than a line, without control characters.
    var quotable: String {
        let scalars = unicodeScalars.lazy.map { $0.properties.generalCategory == .control ? "\u{FFFD}" : $0 }
        let text = String(String.UnicodeScalarView(scalars.prefix(120)))
        return scalars.count > 120 ? text + "…" : text
    }
}
