/// The business's telephone: calls, recordings, messages, and who is behind a number.
///
/// It checks what it is given before anything leaves, holds to the operator's policy, and does what cannot be undone once. Every
/// method throws ``AtlasError``.
public struct Telephony: Sendable {
    let provider: any TelephonyProvider
    let policy: TelephonyPolicy
    let settings: TelephonySettings
    let outbox: Outbox
    let time: BusinessTime

    // MARK: Calls

    /// - Throws: `not_found`.
    public func call(_ sid: String) async throws -> Call { try await provider.call(sid) }

    /// The newest first.
    ///
    /// - Parameter limit: 1…100.
    public func calls(status: CallStatus?, to: String?, from: String?, limit: Int) async throws -> [Call] {
        guard (1...100).contains(limit) else {
            throw AtlasError(.invalidArgument, "limit must be between 1 and 100, got \(limit).", parameter: "limit")
        }
        let filter = CallFilter(
            status: status, to: try to.map { try number($0, parameter: "to").e164 },
            from: try from.map { try number($0, parameter: "from_number").e164 })
        return try await provider.calls(filter, limit: limit)
    }

    /// Ends a call; one that has ended stays as it is.
    public func hangUp(_ sid: String) async throws -> Call { try await provider.hangUp(sid) }

    // MARK: Recordings

    public func recordings(of sid: String) async throws -> [Recording] {
        try await provider.recordings(of: sid)
    }

    public func recording(_ sid: String) async throws -> Recording {
        try await provider.recording(sid)
    }

    public func startRecording(of sid: String, statusCallback: String?) async throws -> Recording {
        let callback = try statusCallback.map { try WebURL.check($0, parameter: "recording_status_callback") }
        return try await provider.startRecording(
            of: sid, statusCallback: callback ?? settings.webhook(.recordingStatus))
    }

    public func stopRecording(_ sid: String, of call: String) async throws -> Recording {
        try await provider.stopRecording(sid, of: call)
    }

    /// The audio of a recording as MP3, if it is small enough to be handed over in one piece.
    public func recordingAudio(_ sid: String) async throws -> [UInt8] {
        try await provider.recordingAudio(sid, largest: Self.largestAudio)
    }

    /// In octets: as base64 it must fit into a line that every client takes, 1 MiB.
    static let largestAudio = 700 << 10

    // MARK: Numbers

    public func lookUp(_ text: String) async throws -> PhoneLookup {
        let number = try number(text, parameter: "phone_number")
        var lookup = try await provider.lookUp(number)
        // What the provider leaves out, the numbering plan knows.
        if lookup.countryCode == nil || lookup.nationalFormat == nil || lookup.valid == nil {
            let plan = PhoneDescription(number.e164, region: settings.region)
            lookup.countryCode = lookup.countryCode ?? plan?.region
            lookup.nationalFormat = lookup.nationalFormat ?? plan?.national
            lookup.valid = lookup.valid ?? plan?.isValid
        }
        return lookup
    }

    // MARK: Arguments

    func number(_ text: String, parameter: String) throws(AtlasError) -> PhoneNumber {
        if let number = PhoneNumber.normalize(text, region: settings.region) { return number }
        throw AtlasError(
            .invalidArgument,
            "\(parameter) must be a complete phone number like +12175550134, got \"\(text.cleaned().prefix(40))\".",
            parameter: parameter)
    }

    /// Who calls or writes: the number given, else the business's own.
    func sender(_ text: String?) throws(AtlasError) -> PhoneNumber {
        if let text { return try number(text, parameter: "from_number") }
        if let own = settings.ownNumber { return own }
        throw AtlasError(
            .notConfigured,
            "There is no number to call or write from: give from_number, or set \(ConfigurationKey.forwardToNumber.name)."
        )
    }
}

/// The settings of telephony that are no credentials and no policy.
struct TelephonySettings: Sendable {
    /// Where a number without country code is dialled: ISO 3166-1 alpha-2.
    let region: String
    let ownNumber: PhoneNumber?
    let webhookBaseURL: String?
    let recordsCalls: Bool

    /// - Throws: ``AtlasError`` `not_configured` that names the variable.
    init(_ configuration: Configuration, region: String) throws(AtlasError) {
        self.region = region
        if let text = configuration[.forwardToNumber] {
            guard let number = PhoneNumber.normalize(text, region: region) else {
                throw AtlasError(
                    .notConfigured,
                    "\(ConfigurationKey.forwardToNumber.name) must be a complete phone number like +12175550134.")
            }
            ownNumber = number
        } else {
            ownNumber = nil
        }
        if var url = configuration[.webhookBaseURL] {
            guard WebURL.isBase(url) else {
                throw AtlasError(
                    .notConfigured,
                    "\(ConfigurationKey.webhookBaseURL.name) must be an http or https URL without credentials or query."
                )
            }
            while url.hasSuffix("/") { url.removeLast() }
            webhookBaseURL = url
        } else {
            webhookBaseURL = nil
        }
        recordsCalls = try configuration.flag(.recordCalls) ?? true
    }

    /// The webhooks that the business's own web service answers; their paths are the reference system's.
    enum Webhook: String {
        case outbound, status
        case recordingStatus = "recording-status"
    }

    func webhook(_ webhook: Webhook) -> String? {
        webhookBaseURL.map { $0 + "/api/v1/comms/voice/" + webhook.rawValue }
    }
}
