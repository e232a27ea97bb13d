/// Why there is no answer to a request.
///
/// It names the host, never the path, the query or a header: those may hold secrets.
public struct HTTPError: Error, Sendable, Equatable {
    public enum Kind: Sendable, Equatable {
        /// The URL is none, has credentials in it, or is of a scheme other than http and https.
        case invalidURL
        /// Plain http to a host that is not loopback.
        case insecure
        /// libcurl is not installed.
        case missingLibrary
        /// There is no such host.
        case unknownHost
        /// Nothing listens there, or the network is down.
        case unreachable
        /// The certificate is not trusted or for another name, or the handshake failed.
        case tls
        case timeout
        /// The connection was lost in the middle.
        case interrupted
        /// The body is larger than the request allows.
        case tooLarge
        case tooManyRedirects
        /// The server does not speak HTTP.
        case malformedResponse
        /// The file that the body was to go to, or to come from, cannot be used.
        case file
    }

    public let kind: Kind
    public let host: String
    /// Whether the server may have read the request, and so may have acted on it. False only when that is certain.
    public let mayHaveArrived: Bool

    public init(_ kind: Kind, host: String, mayHaveArrived: Bool) {
        self.kind = kind
        self.host = host
        self.mayHaveArrived = mayHaveArrived
    }
}
