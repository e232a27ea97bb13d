import CCurl

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// One request on its way, and what comes back: what the thread of transfers is handed.
final class Transfer: @unchecked Sendable {
    // Sendable because what can change belongs to one thread at a time: to the task that makes the transfer until the loop has it,
    // then to the loop's thread. Between the two lies the loop's lock, under which alone `isCancelled` is set and read.

    let method: HTTPRequest.Method
    let address: HTTPAddress
    let fields: HTTPFields
    let body: RequestBody?
    let deadline: ContinuousClock.Instant
    let digest: HTTPAuthorization.Digest?
    var continuation: CheckedContinuation<HTTPResponse, any Error>?
    var isCancelled = false

    private var reader: ResponseReader
    private var offset = 0
    private var bodyIsUnreadable = false
    /// How often the request was about to be written to a connection.
    private var starts = 0

    init(
        method: HTTPRequest.Method, address: HTTPAddress, fields: HTTPFields, body: RequestBody?,
        deadline: ContinuousClock.Instant, largestBody: Int, output: OutputFile?,
        digest: HTTPAuthorization.Digest? = nil
    ) {
        self.method = method
        self.address = address
        self.fields = fields
        self.body = method == .head ? nil : body
        self.deadline = deadline
        self.digest = digest
        reader = ResponseReader(largestBody: largestBody, hasBody: method != .head, output: output)
    }

    /// Tells the caller how it ended. The first end counts.
    func finish(_ result: Result<HTTPResponse, any Error>) {
        continuation?.resume(with: result)
        continuation = nil
    }

    func fail(_ kind: HTTPError.Kind) { finish(.failure(error(kind))) }

    func error(_ kind: HTTPError.Kind) -> HTTPError {
        HTTPError(kind, host: address.host, mayHaveArrived: starts > 0)
    }

    /// Tells the caller what libcurl's `code` means.
    func finish(code: CURLcode) {
        switch code {
        case CURLE_OK where reader.status > 0:
            finish(.success(HTTPResponse(status: reader.status, headers: reader.headers, body: reader.body)))
        case CURLE_OK: fail(.malformedResponse)
        case CURLE_WRITE_ERROR: fail(reader.failure ?? .interrupted)
        case CURLE_ABORTED_BY_CALLBACK: fail(bodyIsUnreadable ? .file : .interrupted)
        default: fail(HTTPError.Kind(code, started: starts > 0))
        }
    }

    // MARK: What libcurl calls, always on the loop's thread

    /// libcurl is about to write the request to a connection. False forbids it.
    ///
    /// When a kept connection turns out to be closed, or a server refuses a stream, libcurl tries again on another, whatever the
    /// method. A request that changes something must not take that chance: the first server may have acted on it.
    ///
    /// The answer to a server's question for a password is no such chance: it has refused the request before.
    func mayStart() -> Bool {
        starts += 1
        offset = 0
        return starts == 1 || method.isSafe || digest != nil && starts == 2 && reader.status == 401
    }

    func takeHeader(_ octets: UnsafeRawBufferPointer) -> Bool { reader.takeHeader(octets) }
    func takeBody(_ octets: UnsafeRawBufferPointer) -> Bool { reader.takeBody(octets) }

    /// Fills `buffer` with what comes next of the body; nil ends the transfer.
    func giveBody(_ buffer: UnsafeMutableRawBufferPointer) -> Int? {
        guard let count = body?.read(at: offset, into: buffer) else {
            bodyIsUnreadable = true
            return nil
        }
        offset += count
        return count
    }
}

extension HTTPError.Kind {
    /// - Parameter started: whether there was a connection that the request was written to.
    init(_ code: CURLcode, started: Bool) {
        switch code {
        case CURLE_OPERATION_TIMEDOUT: self = .timeout
        case CURLE_COULDNT_RESOLVE_HOST: self = .unknownHost
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CIPHER,
            CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS, CURLE_USE_SSL_FAILED, CURLE_SSL_CERTPROBLEM:
            self = .tls
        case CURLE_URL_MALFORMAT: self = .invalidURL
        case CURLE_UNSUPPORTED_PROTOCOL where started, CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING,
            CURLE_HTTP2:
            self = .malformedResponse
        // How libcurl refuses a header line or a head that is too long, before 8.6 and since (CURLE_TOO_LARGE).
        case CURLE_OUT_OF_MEMORY where started, CURLcode(rawValue: 100): self = .malformedResponse
        case CURLE_UNSUPPORTED_PROTOCOL: self = .invalidURL
        case CURLE_COULDNT_CONNECT, CURLE_COULDNT_RESOLVE_PROXY, CURLE_PROXY, CURLE_NO_CONNECTION_AVAILABLE:
            self = .unreachable
        // Without a connection nothing can have been interrupted: a proxy would not let us through, or the system failed us.
        default: self = started ? .interrupted : .unreachable
        }
    }
}
