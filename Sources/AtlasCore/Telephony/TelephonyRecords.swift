#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Which calls to list; nil for any.
public struct CallFilter: Sendable, Equatable {
    public var status: CallStatus?
    public var to: String?
    public var from: String?

    public init(status: CallStatus? = nil, to: String? = nil, from: String? = nil) {
        self.status = status
        self.to = to
        self.from = from
    }
}

/// Where a call stands (Twilio, "Call status values").
public enum CallStatus: String, Codable, CaseIterable, Sendable {
    case queued, ringing
    case inProgress = "in-progress"
    case canceled, completed, failed, busy
    case noAnswer = "no-answer"
}

/// A call as the provider knows it.
public struct Call: Codable, Sendable, Equatable {
    public var callSID: String
    public var from: String
    public var to: String
    /// One of ``CallStatus``, or what a provider invents.
    public var status: String
    /// `inbound`, `outbound-api`, `outbound-dial` …
    public var direction: String?
    /// In seconds; nil until it has ended.
    public var duration: Int?
    public var startTime: Date?
    public var endTime: Date?
    /// `human`, `machine_start` … where that was asked for.
    public var answeredBy: String?

    public init(
        callSID: String, from: String, to: String, status: String, direction: String? = nil, duration: Int? = nil,
        startTime: Date? = nil, endTime: Date? = nil, answeredBy: String? = nil
    ) {
        self.callSID = callSID
        self.from = from
        self.to = to
        self.status = status
        self.direction = direction
        self.duration = duration
        self.startTime = startTime
        self.endTime = endTime
        self.answeredBy = answeredBy
    }

    enum CodingKeys: String, CodingKey {
        case callSID = "call_sid"
        case from, to, status, direction, duration
        case startTime = "start_time"
        case endTime = "end_time"
        case answeredBy = "answered_by"
    }
}

/// A recording of a call as the provider knows it.
public struct Recording: Codable, Sendable, Equatable {
    /// The most recordings of one call that are listed.
    public static let most = 1000

    public var recordingSID: String
    public var callSID: String
    /// `in-progress`, `processing`, `completed`, `absent`, `failed` …
    public var status: String
    /// In seconds; nil until it is known.
    public var duration: Int?
    public var dateCreated: Date?
    /// Where the audio is, for those who have the provider's credentials.
    public var mediaURL: String?

    public init(
        recordingSID: String, callSID: String, status: String, duration: Int? = nil, dateCreated: Date? = nil,
        mediaURL: String? = nil
    ) {
        self.recordingSID = recordingSID
        self.callSID = callSID
        self.status = status
        self.duration = duration
        self.dateCreated = dateCreated
        self.mediaURL = mediaURL
    }

    enum CodingKeys: String, CodingKey {
        case recordingSID = "recording_sid"
        case callSID = "call_sid"
        case status, duration
        case dateCreated = "date_created"
        case mediaURL = "media_url"
    }
}

/// A text message as the provider knows it.
public struct Message: Codable, Sendable, Equatable {
    public var messageSID: String
    public var from: String
    public var to: String
    public var body: String
    public var status: String
    public var direction: String?
    /// How many messages the carrier counts.
    public var segments: Int?

    public init(
        messageSID: String, from: String, to: String, body: String, status: String, direction: String? = nil,
        segments: Int? = nil
    ) {
        self.messageSID = messageSID
        self.from = from
        self.to = to
        self.body = body
        self.status = status
        self.direction = direction
        self.segments = segments
    }
}

/// What a provider knows of a phone number.
public struct PhoneLookup: Codable, Sendable, Equatable {
    public var phoneNumber: String
    /// ISO 3166-1 alpha-2
    public var countryCode: String?
    public var nationalFormat: String?
    public var valid: Bool?
    public var callerName: String?
    /// `mobile`, `landline`, `fixedVoip`, `nonFixedVoip`, `tollFree` …
    public var lineType: String?
    public var carrier: String?

    public init(
        phoneNumber: String, countryCode: String? = nil, nationalFormat: String? = nil, valid: Bool? = nil,
        callerName: String? = nil, lineType: String? = nil, carrier: String? = nil
    ) {
        self.phoneNumber = phoneNumber
        self.countryCode = countryCode
        self.nationalFormat = nationalFormat
        self.valid = valid
        self.callerName = callerName
        self.lineType = lineType
        self.carrier = carrier
    }

    enum CodingKeys: String, CodingKey {
        case phoneNumber = "phone_number"
        case countryCode = "country_code"
        case nationalFormat = "national_format"
        case valid
        case callerName = "caller_name"
        case lineType = "line_type"
        case carrier
    }
}
