extension ConfigurationKey {
    // MARK: Telephony

    public static let commsProvider = Self(
        "ATLAS_COMMS_PROVIDER", .telephony, "Who carries calls and messages: twilio or signalwire.", fallback: "twilio")
    public static let twilioAccountSID = Self(
        "ATLAS_COMMS_TWILIO_ACCOUNT_SID", .telephony, "Twilio's Account SID, AC and 32 hexadecimal digits.")
    public static let twilioAuthToken = Self(
        "ATLAS_COMMS_TWILIO_AUTH_TOKEN", .telephony, "Twilio's Auth Token.", isSecret: true)
    public static let signalWireProjectID = Self(
        "ATLAS_COMMS_SIGNALWIRE_PROJECT_ID", .telephony, "SignalWire's Project ID, a UUID.")
    public static let signalWireToken = Self(
        "ATLAS_COMMS_SIGNALWIRE_API_TOKEN", .telephony, "SignalWire's API token.", isSecret: true)
    public static let signalWireSpace = Self(
        "ATLAS_COMMS_SIGNALWIRE_SPACE", .telephony, "SignalWire's space: example, or example.signalwire.com.")
    public static let forwardToNumber = Self(
        "ATLAS_COMMS_FORWARD_TO_NUMBER", .telephony,
        "The business's own number: who calls and who writes when a tool names no from_number.")
    public static let webhookBaseURL = Self(
        "ATLAS_COMMS_WEBHOOK_BASE_URL", .telephony,
        "Where the provider reaches the business's webhooks: asked what to say in a call without message or twiml, and told of "
            + "status and recordings, below /api/v1/comms/voice/.",
        fallback: "calls need a message or twiml")
    public static let recordCalls = Self(
        "ATLAS_COMMS_RECORD_CALLS", .telephony, "Whether make_call records when it is not told.", fallback: "1")
    public static let allowedNumbers = Self(
        "ATLAS_COMMS_ALLOWED_NUMBERS", .telephony,
        "Whom calls and messages may go to: E.164 numbers or beginnings of them, separated by commas, like +1,+4420.",
        fallback: "everybody")
    public static let blockedNumbers = Self(
        "ATLAS_COMMS_BLOCKED_NUMBERS", .telephony,
        "Whom calls and messages never go to: E.164 numbers or beginnings of them, separated by commas, like +1900.",
        fallback: "nobody")
    public static let dailyCallLimit = Self(
        "ATLAS_COMMS_DAILY_CALL_LIMIT", .telephony, "The most calls made on one day of the business.",
        fallback: "any number")
    public static let dailyMessageLimit = Self(
        "ATLAS_COMMS_DAILY_MESSAGE_LIMIT", .telephony, "The most text messages sent on one day of the business.",
        fallback: "any number")
    public static let twilioBaseURL = Self(
        "ATLAS_COMMS_TWILIO_BASE_URL", .telephony, "Where Twilio's REST API is.", fallback: "https://api.twilio.com")
    public static let twilioLookupsURL = Self(
        "ATLAS_COMMS_TWILIO_LOOKUPS_URL", .telephony, "Where Twilio's Lookup API is.",
        fallback: "https://lookups.twilio.com")
    public static let signalWireBaseURL = Self(
        "ATLAS_COMMS_SIGNALWIRE_BASE_URL", .telephony, "Where SignalWire's APIs are.",
        fallback: "https://, the space, .signalwire.com")
    static let telephony: [ConfigurationKey] = [
        commsProvider, twilioAccountSID, twilioAuthToken, signalWireProjectID, signalWireToken, signalWireSpace,
        forwardToNumber, webhookBaseURL, recordCalls, allowedNumbers, blockedNumbers, dailyCallLimit, dailyMessageLimit,
        twilioBaseURL, twilioLookupsURL, signalWireBaseURL,
    ]

    // MARK: Call intelligence

    public static let callIntelligence = Self(
        "ATLAS_CALL_INTELLIGENCE_ENABLED", .callIntelligence, "0 refuses process_call.", fallback: "1")
    public static let shortestCall = Self(
        "ATLAS_CALL_INTELLIGENCE_MIN_DURATION_SECONDS", .callIntelligence, "Shorter calls are not processed.",
        fallback: "10")
    public static let asrURL = Self(
        "ATLAS_CALL_INTELLIGENCE_ASR_URL", .callIntelligence,
        "Where recordings are transcribed: an endpoint that takes a multipart `file` and answers JSON with `text`, like "
            + "http://localhost:8081/v1/asr; one that ends in /v1/audio/transcriptions is spoken to as OpenAI's.")
    public static let asrTimeout = Self(
        "ATLAS_CALL_INTELLIGENCE_ASR_TIMEOUT", .callIntelligence, "Seconds a transcription may take.", fallback: "120")
    public static let llmURL = Self(
        "ATLAS_CALL_INTELLIGENCE_LLM_URL", .callIntelligence,
        "Where transcripts are understood: a chat completions API like OpenAI's, http://localhost:11434/v1 for one.",
        fallback: "names, numbers and addresses that were said are found without a model")
    public static let llmModel = Self("ATLAS_CALL_INTELLIGENCE_LLM_MODEL", .callIntelligence, "The model's name there.")
    public static let llmKey = Self(
        "ATLAS_CALL_INTELLIGENCE_LLM_API_KEY", .callIntelligence, "The key for that API.", isSecret: true)
    public static let llmTimeout = Self(
        "ATLAS_CALL_INTELLIGENCE_LLM_TIMEOUT", .callIntelligence, "Seconds the model may take.", fallback: "60")

    static let callIntelligenceKeys: [ConfigurationKey] = [
        callIntelligence, shortestCall, asrURL, asrTimeout, llmURL, llmModel, llmKey, llmTimeout,
    ]
}
