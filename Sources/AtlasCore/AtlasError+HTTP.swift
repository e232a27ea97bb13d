extension AtlasError {
    /// A failed request in the words of the contract.
    ///
    /// - Parameters:
    ///   - service: what people call the service, like "Twilio".
    ///   - isRead: whether the request changes nothing, so that it may be made again even if it arrived.
    public init(_ error: HTTPError, service: String, isRead: Bool = false) {
        let name = error.host.isEmpty ? service : "\(service) (\(error.host))"
        let isRepeatable = isRead || !error.mayHaveArrived
        // Whoever reads it must not try again for the sake of an answer.
        let doubt =
            isRepeatable
            ? " Try again later." : " Whether it acted on the request is unknown: check before repeating it."
        switch error.kind {
        case .timeout:
            self.init(.timeout, "\(name) did not answer in time.\(doubt)", retryable: isRepeatable)
        case .unknownHost:
            self.init(
                .unavailable, "\(name) cannot be reached: its name is not known here.\(doubt)", retryable: isRepeatable)
        case .unreachable:
            self.init(.unavailable, "\(name) cannot be reached.\(doubt)", retryable: isRepeatable)
        case .interrupted:
            self.init(.unavailable, "The connection to \(name) was lost.\(doubt)", retryable: isRepeatable)
        case .tls:
            self.init(
                .notConfigured,
                "\(name) offers no secure connection that can be trusted. If it has a certificate authority of its own, "
                    + "name that one's file in ATLAS_CA_FILE.")
        case .authorities:
            self.init(.notConfigured, "The file that ATLAS_CA_FILE names cannot be read or holds no certificate.")
        case .invalidURL:
            self.init(.notConfigured, "The address of \(name) is no usable URL: it must be https:// and a host.")
        case .insecure:
            self.init(
                .notConfigured, "The address of \(name) is not https. Plain http is for services on this machine only.")
        case .invalidHeader:
            self.init(
                .notConfigured,
                "The credentials or settings for \(name) hold characters that cannot be sent, like a line end.")
        case .missingLibrary:
            self.init(
                .notConfigured, "\(name) needs libcurl 7.80 or newer, which is not installed (Debian: libcurl4).")
        case .file:
            self.init(.internal, "A file for \(name) could not be read or written.")
        case .tooLarge:
            self.init(.upstreamError, "\(name) answered with more than is accepted.\(error.afterthought(isRead))")
        case .tooManyRedirects:
            self.init(.upstreamError, "\(name) redirects too often.\(error.afterthought(isRead))")
        case .malformedResponse:
            self.init(.upstreamError, "\(name) gave an answer that is not HTTP.\(error.afterthought(isRead))")
        }
    }
}

extension HTTPError {
    /// What to know about a request that got an answer nobody can use.
    fileprivate func afterthought(_ isRead: Bool) -> String {
        isRead || !mayHaveArrived ? "" : " It may have acted on the request: check before repeating it."
    }
}
