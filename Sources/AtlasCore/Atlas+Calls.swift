#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

extension Atlas {
    /// From a finished call to its contact.
    ///
    /// - Throws: ``AtlasError`` `not_configured` that names the variables which are wrong. A telephone company that is missing
    ///   matters only when it is asked.
    public var calls: CallIntelligence {
        get throws {
            let (contacts, time) = (try contacts, try time)
            let settings = try TelephonySettings(configuration, region: contacts.region)
            return try opened.withLock { opened in
                if let calls = opened.calls { return calls }
                let http = http(&opened)
                var limits = CallIntelligence.Limits()
                if let seconds = try configuration.integer(.shortestCall, in: 0...86_400) {
                    limits.shortestCall = .seconds(seconds)
                }
                let calls = CallIntelligence(
                    isEnabled: try configuration.flag(.callIntelligence) ?? true,
                    provider: { [self] in try telephony.provider },
                    transcriber: try transcriber(http), extractor: try extractor(http),
                    store: CallTranscripts(contacts: contacts),
                    linker: CallLinker(
                        contacts: contacts, ownNumbers: Set([settings.ownNumber?.e164].compactMap(\.self))),
                    folder: Self.temporaryFolder, region: contacts.region, time: time, limits: limits)
                opened.calls = calls
                return calls
            }
        }
    }

    private static var temporaryFolder: String {
        getenv("TMPDIR").map { String(cString: $0) }.flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "/tmp"
    }

    func transcriber(_ http: HTTPClient) throws -> Transcriber? {
        guard let url = configuration[.asrURL] else { return nil }
        let seconds = try configuration.integer(.asrTimeout, in: 1...3600) ?? 120
        return Transcriber(url: url, timeout: .seconds(seconds), client: http)
    }

    func extractor(_ http: HTTPClient) throws -> ModelExtractor? {
        guard let url = configuration[.llmURL] else { return nil }
        guard let model = configuration[.llmModel] else {
            throw AtlasError(
                .notConfigured,
                "\(ConfigurationKey.llmURL.name) is set, so \(ConfigurationKey.llmModel.name) must name the model to ask there."
            )
        }
        let seconds = try configuration.integer(.llmTimeout, in: 1...3600) ?? 60
        return ModelExtractor(
            url: url, model: model, key: configuration[.llmKey], timeout: .seconds(seconds), client: http)
    }
}
