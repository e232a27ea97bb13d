import CCurl

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// An HTTP client over libcurl's multi interface: one thread drives all transfers of a process.
///
/// Connections are kept and shared, HTTP/2 is spoken where the server offers it, TLS is always verified. Nothing is opened before
/// the first request. Proxies are those of the environment (`https_proxy`, `no_proxy` …), never for loopback hosts; cookies and
/// `.netrc` play no part.
public final class HTTPClient: Sendable {
    private let caFile: String?
    private let loop = Locked<TransferLoop?>(nil)
    private let heard = Locked<ClockReport?>(nil)

    /// What a server said the time was.
    public struct ClockReport: Sendable, Equatable {
        public var host: String
        /// How many seconds its clock is ahead of this machine's; the field it says so in has whole seconds only.
        public var ahead: Double
    }

    /// What the last answer with a `Date` field (RFC 9110, 6.6.1) said; nil before there was one.
    public var lastClockReport: ClockReport? { heard.withLock { $0 } }

    func note(_ response: HTTPResponse, of host: String) {
        guard let date = response[header: "Date"].flatMap(HTTPDate.init) else { return }
        let ahead = Double(date.secondsSince1970) + 0.5 - Date().timeIntervalSince1970
        heard.withLock { $0 = ClockReport(host: host, ahead: ahead) }
    }

    /// - Parameter caFile: a PEM file of certificate authorities trusted beside the system's (`ATLAS_CA_FILE`).
    public init(caFile: String? = nil) { self.caFile = caFile }

    deinit { loop.withLock { $0 }?.shallEnd() }

    /// Sends `request` and reads the whole answer into memory.
    ///
    /// - Throws: ``HTTPError``; `CancellationError` when the task is cancelled, which aborts the transfer at once. A request that
    ///   was cancelled under way may have arrived and been acted on, like any whose error says ``HTTPError/mayHaveArrived``.
    public func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        try await exchange(request, output: nil)
    }

    /// As ``send(_:)``, but the body of a successful answer goes to a new file at `path`, which only the user can read, and
    /// `largestBody` bounds the file. An answer that is none of success is kept in memory, and then and after a failure there is
    /// no file.
    public func download(_ request: HTTPRequest, to path: String) async throws -> HTTPResponse {
        guard let output = OutputFile(path) else {
            throw HTTPError(.file, host: request.hostAsWritten, mayHaveArrived: false)
        }
        do {
            let response = try await exchange(request, output: output)
            if !response.isSuccess { output.remove() }
            return response
        } catch {
            output.remove()
            throw error
        }
    }

    /// Aborts what is under way, which fails with ``HTTPError/Kind/interrupted``, and closes all connections. A request made
    /// afterwards starts anew.
    public func close() async {
        let ended = loop.withLock { loop in
            defer { loop = nil }
            return loop
        }
        await ended?.end()
    }

    /// Whether libcurl can be opened.
    static var hasLibrary: Bool { atlas_curl(nil) != nil }

    /// libcurl's functions.
    func library(for request: HTTPRequest) throws(HTTPError) -> UnsafePointer<AtlasCurl> {
        guard let curl = atlas_curl(nil) else {
            throw HTTPError(.missingLibrary, host: request.hostAsWritten, mayHaveArrived: false)
        }
        return curl
    }

    /// The loop, started when there is none.
    func running(_ curl: UnsafePointer<AtlasCurl>, host: String) throws(HTTPError) -> TransferLoop {
        let result: Result<TransferLoop, HTTPError> = loop.withLock { loop in
            if let loop { return .success(loop) }
            do throws(HTTPError) {
                let authorities = try CertificateAuthorities(addedFile: caFile)
                guard let new = TransferLoop(curl: curl, authorities: authorities) else {
                    throw HTTPError(.unreachable, host: host, mayHaveArrived: false)
                }
                loop = new
                return .success(new)
            } catch {
                return .failure(HTTPError(error.kind, host: host, mayHaveArrived: false))
            }
        }
        return try result.get()
    }
}
