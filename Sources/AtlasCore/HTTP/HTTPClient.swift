/// An HTTP client over libcurl's multi interface: one thread drives all transfers of a process.
///
/// Connections are kept and shared, HTTP/2 is spoken where the server offers it, TLS is always verified. Nothing is opened before
/// the first request.
public final class HTTPClient: Sendable {
    /// - Parameter caFile: a PEM file of certificate authorities trusted beside the system's (`ATLAS_CA_FILE`).
    public init(caFile: String? = nil) {}

    /// Sends `request` and reads the whole answer into memory.
    ///
    /// - Throws: ``HTTPError``; `CancellationError` when the task is cancelled, which aborts the transfer at once.
    public func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        throw HTTPError(.missingLibrary, host: "", mayHaveArrived: false)
    }

    /// As ``send(_:)``, but the body of a successful answer goes to a new file at `path`, which only the user can read, and
    /// `largestBody` bounds the file. An answer that is none of success is kept in memory, and a failure leaves no file.
    public func download(_ request: HTTPRequest, to path: String) async throws -> HTTPResponse {
        throw HTTPError(.missingLibrary, host: "", mayHaveArrived: false)
    }

    /// Aborts what is under way and closes all connections.
    public func close() async {}
}
