/// Why there is no answer to a request.
///
/// It names the host, never the path, the query or a header: those may hold secrets.
public struct HTTPError: Error, Sendable, Equatable, CustomStringConvertible {
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
        /// A header field or the credentials hold what cannot be sent, like a line end, or the field is not the caller's to set.
        case invalidHeader
        /// The file of further certificate authorities (`ATLAS_CA_FILE`) cannot be read, or holds no certificate.
        case authorities
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

    public var description: String { "\(kind) (\(host))" }
}
