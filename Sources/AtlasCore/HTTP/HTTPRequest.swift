import JSON

/// One HTTP request (RFC 9110).
///
/// What changes something (all but GET, HEAD, PROPFIND and REPORT) is sent once, whatever happens: not even the silent repetition that HTTP allows
/// when a kept connection turns out to be closed (RFC 9110, 9.2.2). Reads are sent again where ``retries`` says so. Redirects are
/// followed only where ``redirects`` asks for it.
public struct HTTPRequest: Sendable {
    public enum Method: String, Sendable {
        case get = "GET"
        case head = "HEAD"
        case post = "POST"
        case put = "PUT"
        case patch = "PATCH"
        case delete = "DELETE"
        /// RFC 4918, 9.1
        case propfind = "PROPFIND"
        /// RFC 3253, 3.6
        case report = "REPORT"

        /// Whether it only reads (RFC 9110, 9.2.1), so that sending it again does no harm.
        public var isSafe: Bool { [.get, .head, .propfind, .report].contains(self) }
    }

    public var method: Method
    /// Absolute, `https`; plain `http` for loopback hosts only. Without credentials in it: those are ``authorization``'s.
    public var url: String
    /// Beside what is set of itself: the body's media type, `User-Agent`, and what frames the message, which is not the caller's.
    public var headers: [HTTPHeader] = []
    /// Not for HEAD, which has none.
    public var body: HTTPBody?
    public var authorization: HTTPAuthorization?
    /// How long the whole exchange may take, retries and their pauses included.
    public var timeout: Duration = .seconds(30)
    /// The most octets of body that are kept in memory; a longer one is ``HTTPError/Kind/tooLarge``.
    public var largestBody = 8 << 20
    /// How many redirects are followed, never from https to http. To another host or port go neither credentials nor header
    /// fields that may be keys, and no request that changes something: there the redirect itself is the answer.
    public var redirects = 0
    /// Whether a redirect to another origin is the answer and is not followed, even for a request that only reads: what another host says
    /// is not what was asked for.
    public var staysOnOrigin = false
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
