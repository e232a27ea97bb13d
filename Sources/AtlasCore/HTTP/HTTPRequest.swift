import JSON

/// One HTTP request (RFC 9110).
///
/// Nothing of it is sent twice unless ``retries`` says so, and redirects are followed only where ``redirects`` asks for it.
public struct HTTPRequest: Sendable {
    public enum Method: String, Sendable {
        case get = "GET"
        case head = "HEAD"
        case post = "POST"
        case put = "PUT"
        case patch = "PATCH"
        case delete = "DELETE"
    }

    public var method: Method
    /// Absolute, `https`; plain `http` for loopback hosts only. Without credentials in it: those are ``authorization``'s.
    public var url: String
    public var headers: [HTTPHeader] = []
    public var body: HTTPBody?
    public var authorization: HTTPAuthorization?
    /// How long the whole exchange may take, retries and their pauses included.
    public var timeout: Duration = .seconds(30)
    /// The most octets of body that are kept in memory; a longer one is ``HTTPError/Kind/tooLarge``.
    public var largestBody = 8 << 20
    /// How many redirects are followed. Credentials do not go along to another host.
    public var redirects = 0
    /// How often a request that changes nothing is sent again after a failure that may pass.
    public var retries = HTTPRetries.none

    public init(_ method: Method, _ url: String, body: HTTPBody? = nil) {
        self.method = method
        self.url = url
        self.body = body
    }
}

/// A header field. Names are compared without case.
public struct HTTPHeader: Sendable, Equatable {
    public var name: String
    public var value: String

    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// What a request carries, with its media type.
public enum HTTPBody: Sendable {
    case octets([UInt8], type: String)
    /// `application/x-www-form-urlencoded`, in this order; a name may occur several times.
    case form([(name: String, value: String)])
    /// `application/json`
    case json(JSON)
    /// `multipart/form-data` (RFC 7578)
    case multipart([Part])

    public struct Part: Sendable {
        public enum Content: Sendable {
            case octets([UInt8])
            /// The file at this path, read while it is sent.
            case file(path: String)
        }

        public var name: String
        public var filename: String?
        public var type: String?
        public var content: Content

        public init(_ name: String, _ text: String) {
            self.name = name
            content = .octets(Array(text.utf8))
        }

        public init(_ name: String, filename: String, type: String, content: Content) {
            self.name = name
            self.filename = filename
            self.type = type
            self.content = content
        }
    }
}

/// Credentials of a request. They reach neither logs nor errors, and no other host by a redirect.
public enum HTTPAuthorization: Sendable {
    /// RFC 7617
    case basic(user: String, password: String)
    /// RFC 6750
    case bearer(String)
}

/// How a request that changes nothing is repeated: after connection failures, 429, 500, 502, 503 and 504, honouring `Retry-After`
/// (RFC 9110, 10.2.3), else after pauses that double, with jitter.
public struct HTTPRetries: Sendable, Equatable {
    public var attempts: Int
    public var firstPause: Duration
    /// A server that asks for more patience than this is not waited for.
    public var longestPause: Duration

    public init(attempts: Int, firstPause: Duration = .milliseconds(200), longestPause: Duration = .seconds(10)) {
        self.attempts = attempts
        self.firstPause = firstPause
        self.longestPause = longestPause
    }

    /// One attempt.
    public static let none = HTTPRetries(attempts: 1)
    /// For reads.
    public static let reads = HTTPRetries(attempts: 3)
}
