import JSON

/// What became of a call, for `CallToolResult` (MCP "Tools") of any revision.
public struct CallResult: Sendable {
    /// The JSON text of `structuredContent`, which is the text block as well. `nil` for a failure.
    public let structured: [UInt8]?
    public let failure: ToolFailure?
    /// Members of `_meta` besides what is said of a failure.
    public var notes = JSON.Object()

    public init(_ structured: [UInt8]) {
        self.structured = structured
        failure = nil
    }

    public init(_ failure: ToolFailure) {
        structured = nil
        self.failure = failure
    }

    package var isError: Bool { failure != nil }

    /// The first text block, in UTF-8.
    package var text: [UInt8] { structured ?? Array((failure?.message ?? "").utf8) }

    /// What `_meta` says of a failure, under the server's key: `{"code": "not_found", "retryable": false}`.
    package var errorMeta: JSON.Object? {
        guard let failure else { return nil }
        var meta: JSON.Object = ["code": .string(failure.code), "retryable": .bool(failure.retryable)]
        if let parameter = failure.parameter { meta.append("parameter", .string(parameter)) }
        return meta
    }

    /// All members of `_meta`.
    func meta(_ errorKey: String) -> JSON.Object {
        var meta = JSON.Object()
        if let errorMeta { meta.append(errorKey, .object(errorMeta)) }
        for note in notes.members { meta.append(note.name, note.value) }
        return meta
    }

    /// Writes the members of the result that all revisions share: `"content":[…],"structuredContent":{…},"isError":false`.
    ///
    /// - Parameter structured: whether the revision knows `structuredContent`.
    package func writeMembers(structured isKnown: Bool, to writer: inout JSONWriter) {
        writer.raw(#""content":[{"type":"text","text":"#)
        if let structured {
            structured.withUnsafeBufferPointer { writer.writeString($0) }
        } else {
            writer.write(failure?.message ?? "")
        }
        writer.raw("}]")
        if isKnown, let structured {
            writer.raw(#","structuredContent":"#)
            writer.raw(structured)
        }
        writer.raw(#","isError":"#)
        writer.write(isError)
    }
}
