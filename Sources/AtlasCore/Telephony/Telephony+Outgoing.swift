import JSON

/// A call that was made.
public struct PlacedCall: Codable, Sendable, Equatable {
    public var callSID: String
    public var status: String
    public var to: String
    public var from: String
    public var recordingEnabled: Bool

    enum CodingKeys: String, CodingKey {
        case callSID = "call_sid"
        case status, to, from
        case recordingEnabled = "recording_enabled"
    }
}

/// A text message that was handed to the provider.
public struct SentMessage: Codable, Sendable, Equatable {
    public var messageSID: String
    public var status: String
    public var to: String
    public var from: String
    /// How many messages the carrier makes of it.
    public var segments: Int

    enum CodingKeys: String, CodingKey {
        case messageSID = "message_sid"
        case status, to, from, segments
    }
}

extension Telephony {
    /// Twilio takes no longer body (error 21617).
    static let longestBody = 1600

    /// Calls somebody, once.
    ///
    /// - Parameters:
    ///   - records: nil for what is configured.
    ///   - message: what a voice says; `twiml`: what happens, in Twilio's markup. With neither, the business's webhook is asked.
    /// - Throws: `invalid_argument`, `not_configured`; `permission_denied` when policy, the recipient or the provider forbids it:
    ///   then nothing left; `upstream_error` that is not retryable when nobody knows whether the call was made.
    public func makeCall(
        to: String, from: String?, records: Bool?, contextID: String?, message: String?, twiml: String?,
        idempotencyKey: String?
    ) async throws -> DoneOnce<PlacedCall> {
        let to = try number(to, parameter: "to")
        let from = try sender(from)
        let records = records ?? settings.recordsCalls
        let context = try TextLimit.contextID.optional(contextID)
        let call = OutgoingCall(
            to: to.e164, from: from.e164, script: try script(message: message, twiml: twiml, contextID: context),
            records: records, recordingStatusCallback: records ? settings.webhook(.recordingStatus) : nil,
            statusCallback: settings.webhook(.status))
        try policy.check(to)
        let dispatch = try Dispatch(
            .call, tool: "make_call", to: [to.e164],
            arguments: [
                "to": .string(to.e164), "from": .string(from.e164), "record": .bool(records),
                "context_id": context.map(JSON.string) ?? .null, "message": message.map(JSON.string) ?? .null,
                "twiml": twiml.map(JSON.string) ?? .null,
            ], idempotencyKey: idempotencyKey, provider: provider.name,
            limit: limit(policy.callsADay, .dailyCallLimit))
        let said = message?.cleaned().prefix(500)
        return try await outbox.dispatch(
            dispatch, check: { try await respectStop(to, from) },
            send: { [provider] in
                let made = try await provider.makeCall(call)
                return PlacedCall(
                    callSID: made.callSID, status: made.status, to: made.to, from: made.from, recordingEnabled: records)
            },
            record: { placed in
                DispatchRecord(
                    reference: placed.callSID, summary: "Called \(to)" + (said.map { ": \($0)" } ?? "."), type: .call,
                    metadata: [
                        "call_sid": .string(placed.callSID), "direction": "outbound", "from": .string(from.e164),
                        "to": .string(to.e164),
                    ])
            })
    }

    /// Sends a text message, once.
    ///
    /// - Throws: as ``makeCall(to:from:records:contextID:message:twiml:idempotencyKey:)``.
    public func sendMessage(
        to: String, body: String, from: String?, mediaURLs: [String], idempotencyKey: String?
    ) async throws -> DoneOnce<SentMessage> {
        let to = try number(to, parameter: "to")
        let from = try sender(from)
        let body = try TextLimit.messageBody.required(body)
        guard mediaURLs.count <= 10 else {
            throw AtlasError(
                .invalidArgument, "media_urls must be at most 10, got \(mediaURLs.count).", parameter: "media_urls")
        }
        let media = try mediaURLs.map { try WebURL.check($0, parameter: "media_urls") }
        let message = OutgoingMessage(to: to.e164, from: from.e164, body: body, mediaURLs: media)
        let segments = MessageSegments(body).count
        try policy.check(to)
        let dispatch = try Dispatch(
            .sms, tool: "send_sms", to: [to.e164],
            arguments: [
                "to": .string(to.e164), "from": .string(from.e164), "body": .string(body),
                "media_urls": .array(media.map(JSON.string)),
            ], idempotencyKey: idempotencyKey, provider: provider.name,
            limit: limit(policy.messagesADay, .dailyMessageLimit))
        return try await outbox.dispatch(
            dispatch, check: { try await respectStop(to, from) },
            send: { [provider] in
                let sent = try await provider.sendMessage(message)
                return SentMessage(
                    messageSID: sent.messageSID, status: sent.status, to: sent.to, from: sent.from, segments: segments)
            },
            record: { sent in
                DispatchRecord(
                    reference: sent.messageSID, summary: "Text message sent: \(body)", type: .sms,
                    metadata: [
                        "message_sid": .string(sent.messageSID), "direction": "outbound", "from": .string(from.e164),
                        "to": .string(to.e164),
                    ])
            })
    }

    private func script(message: String?, twiml: String?, contextID: String?) throws(AtlasError) -> OutgoingCall.Script
    {
        switch (message, twiml) {
        case (_?, _?):
            throw AtlasError(
                .invalidArgument, "Give message or twiml, not both.", parameter: "twiml")
        case (let message?, nil): return .twiml(try TwiML.saying(message))
        case (nil, let twiml?): return .twiml(try TwiML.checked(twiml))
        case (nil, nil):
            guard let url = settings.webhook(.outbound) else {
                throw AtlasError(
                    .notConfigured,
                    "There is nothing to say: give message or twiml, or set \(ConfigurationKey.webhookBaseURL.name).")
            }
            return .webhook(url: url + FormEncoding.query([("context_id", contextID)]))
        }
    }

    /// The last thing that somebody wrote to us may have been to be left alone.
    private func respectStop(_ to: PhoneNumber, _ from: PhoneNumber) async throws {
        let last = try await provider.messages(from: to.e164, to: from.e164, limit: 1).first
        guard let last, TelephonyPolicy.asksToStop(last.body) else { return }
        throw AtlasError(
            .permissionDenied,
            "\(to) last wrote \(last.body.cleaned().prefix(20)), so it is not called or written to; nothing was sent. It may write "
                + "again to be reached.",
            parameter: "to")
    }

    private func limit(_ most: Int?, _ key: ConfigurationKey) -> Dispatch.Limit? {
        most.map { Dispatch.Limit(most: $0, since: time.startOfDay(), setting: key.name) }
    }
}
