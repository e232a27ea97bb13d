import AtlasCore
import AtlasServer
import JSON
import MCP

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

struct MakeCall: Tool {
    static let name = "make_call"
    static let description = """
        Call a phone number. Give message for a voice to say, or twiml for more than that; without either, the business's own \
        webhook decides what is said. It rings a real phone: do it once, and only when the user wants the call.
        """
    static let hints: ToolHints = .openWorld

    @Parameter("The number to call, in any format; with its country code if it is abroad.", .length(...64)) var to:
        String
    @Parameter("The number that calls. The business's own, if left out.", .length(...64)) var fromNumber: String?
    @Parameter("Whether to record the call.", .defaultsTo(true)) var record: Bool?
    @Parameter("The business context that the webhook is told of.", .length(...64)) var contextID: String?
    @Parameter("What a voice says when the call is answered.", .length(...3500)) var message: String?
    @Parameter("What happens when the call is answered, in TwiML: a <Response> element.", .length(...4000)) var twiml:
        String?
    @Parameter(.idempotencyKey, .length(...128)) var idempotencyKey: String?

    struct Output: Codable {
        var success: Bool
        var callSID: String
        var status: String
        var to: String
        var from: String
        var recordingEnabled: Bool
        var replayed: Bool
        var warnings: [String]
    }

    func call(_ phone: Phone) async throws -> Output {
        let made = try await phone.telephony.makeCall(
            to: to, from: fromNumber, records: record, contextID: contextID, message: message, twiml: twiml,
            idempotencyKey: idempotencyKey)
        let call = made.outcome
        return Output(
            success: true, callSID: call.callSID, status: call.status, to: call.to, from: call.from,
            recordingEnabled: call.recordingEnabled, replayed: made.replayed, warnings: made.warnings)
    }
}

struct GetCall: Tool {
    static let name = "get_call"
    static let description = "Look up one call: whether it was answered, how long it took, who called whom."
    static let hints: ToolHints = [.readOnly, .openWorld]

    @Parameter("The call's SID.", .length(...64)) var callSID: String

    struct Output: Codable {
        var success: Bool
        var callSID: String
        var from: String
        var to: String
        var status: String
        var direction: String?
        var duration: Int?
        var startTime: Date?
        var endTime: Date?
        var answeredBy: String?
    }

    func call(_ phone: Phone) async throws -> Output {
        let call = try await phone.telephony.call(callSID)
        return Output(
            success: true, callSID: call.callSID, from: call.from, to: call.to, status: call.status,
            direction: call.direction, duration: call.duration, startTime: call.startTime, endTime: call.endTime,
            answeredBy: call.answeredBy)
    }
}

struct ListCalls: Tool {
    static let name = "list_calls"
    static let description = "List recent calls, newest first, all or by status, called number or calling number."
    static let hints: ToolHints = [.readOnly, .openWorld]

    @Parameter("Only calls that stand like this.") var status: CallStatus?
    @Parameter("Most calls to return.", .range(1...100)) var limit = 20
    @Parameter("Only calls to this number.", .length(...64)) var to: String?
    @Parameter("Only calls from this number.", .length(...64)) var fromNumber: String?

    struct Output: Codable, PagedOutput {
        var success: Bool
        var calls: [Call]
        var count: Int
        var truncated: Bool

        mutating func keep(first count: Int) {
            calls.removeLast(calls.count - count)
            self.count = count
            truncated = true
        }
    }

    func call(_ phone: Phone) async throws -> Output {
        let calls = try await phone.telephony.calls(status: status, to: to, from: fromNumber, limit: limit)
        return Output(success: true, calls: calls, count: calls.count, truncated: false)
    }
}

struct HangupCall: Tool {
    static let name = "hangup_call"
    static let description = "End a call that is ringing or in progress."
    static let hints: ToolHints = [.destructive, .idempotent, .openWorld]

    @Parameter("The call's SID.", .length(...64)) var callSID: String

    struct Output: Codable {
        var success: Bool
        var callSID: String
        var status: String
    }

    func call(_ phone: Phone) async throws -> Output {
        let call = try await phone.telephony.hangUp(callSID)
        return Output(success: true, callSID: call.callSID, status: call.status)
    }
}
