/// A call to be made.
public struct OutgoingCall: Sendable, Equatable {
    public enum Script: Sendable, Equatable {
        /// TwiML that the provider is given with the call.
        case twiml(String)
        /// Where the provider asks for TwiML when the call is answered.
        case webhook(url: String)
    }

    public var to: String
    public var from: String
    public var script: Script
    public var records: Bool
    public var recordingStatusCallback: String?
    public var statusCallback: String?

    public init(
        to: String, from: String, script: Script, records: Bool, recordingStatusCallback: String? = nil,
        statusCallback: String? = nil
    ) {
        self.to = to
        self.from = from
        self.script = script
        self.records = records
        self.recordingStatusCallback = recordingStatusCallback
        self.statusCallback = statusCallback
    }
}

/// A text message to be sent.
public struct OutgoingMessage: Sendable, Equatable {
    public var to: String
    public var from: String
    public var body: String
    public var mediaURLs: [String]

    public init(to: String, from: String, body: String, mediaURLs: [String] = []) {
        self.to = to
        self.from = from
        self.body = body
        self.mediaURLs = mediaURLs
    }
}
