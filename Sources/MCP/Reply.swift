import JSON

/// What is answered to a request, before it becomes a line.
enum Reply: Sendable {
    case result(ResultBody)
    case error(ProtocolError)

    /// The line, without its newline.
    ///
    /// - Parameters:
    ///   - id: of the request, or `nil` if it could not be read.
    ///   - revision: under which it is answered.
    ///   - serverInfo: what a modern result says of the server, as JSON text.
    func line(_ id: RequestID?, _ revision: Revision, serverInfo: [UInt8]) -> [UInt8] {
        switch self {
        case .result(let body): body.line(id, revision, serverInfo)
        case .error(let error): error.line(id)
        }
    }
}

/// The members of a result, as JSON text, and what goes around them.
struct ResultBody: Sendable {
    /// Members separated by commas; may be empty.
    var members: JSONWriter
    /// Members of `_meta`.
    var meta = JSON.Object()
    /// Whether a modern result says how long it may be kept.
    var isCacheable = false
    var type: StaticString = "complete"

    init(capacity: Int = 256) { members = JSONWriter(capacity: capacity) }

    /// A result without members.
    static let empty = ResultBody(capacity: 0)

    static func cacheable(capacity: Int = 256) -> ResultBody {
        var body = ResultBody(capacity: capacity)
        body.isCacheable = true
        return body
    }

    /// Begins a member; its value is written next.
    mutating func member(_ name: StaticString) {
        if !members.bytes.isEmpty { members.byte(UInt8(ascii: ",")) }
        members.byte(UInt8(ascii: "\""))
        members.raw(name)
        members.raw("\":")
    }

    mutating func member(_ name: StaticString, _ value: JSON) {
        member(name)
        members.write(value)
    }

    fileprivate func line(_ id: RequestID?, _ revision: Revision, _ serverInfo: [UInt8]) -> [UInt8] {
        var json = JSONWriter(capacity: members.bytes.count + serverInfo.count + 256)
        json.raw(#"{"jsonrpc":"2.0","id":"#)
        json.raw(id?.token ?? [])
        json.raw(#","result":{"#)
        var isFirst = true
        if revision.isModern {
            json.raw(#""resultType":""#)
            json.raw(type)
            json.raw("\"")
            isFirst = false
        }
        if !members.bytes.isEmpty {
            if !isFirst { json.byte(UInt8(ascii: ",")) }
            json.raw(members.bytes)
            isFirst = false
        }
        if revision.isModern {
            if isCacheable { json.raw(#","ttlMs":0,"cacheScope":"private""#) }
            json.raw(#","_meta":{"io.modelcontextprotocol/serverInfo":"#)
            json.raw(serverInfo)
            for member in meta.members {
                json.byte(UInt8(ascii: ","))
                json.write(member.name)
                json.byte(UInt8(ascii: ":"))
                json.write(member.value)
            }
            json.byte(UInt8(ascii: "}"))
        } else if !meta.isEmpty {
            json.raw(isFirst ? #""_meta":"# : #","_meta":"#)
            json.write(JSON.object(meta))
        }
        json.raw("}}")
        return json.bytes
    }
}

extension ProtocolError {
    fileprivate func line(_ id: RequestID?) -> [UInt8] {
        var json = JSONWriter()
        json.raw(#"{"jsonrpc":"2.0","#)
        if let id {
            json.raw(#""id":"#)
            json.raw(id.token)
            json.byte(UInt8(ascii: ","))
        }
        json.raw(#""error":{"code":"#)
        json.write(code)
        json.raw(#","message":"#)
        json.write(message)
        if let data {
            json.raw(#","data":"#)
            json.write(data)
        }
        json.raw("}}")
        return json.bytes
    }
}
