#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
import JSON

/// A contact's name that was heard in a call: `metadata.heard_name`.
///
/// Nobody wrote it down on purpose, so it gives way to the name that was said in an earlier call. Calls are worked on in any order,
/// and this way the outcome is the same.
struct HeardName: Equatable {
    /// As the contact had it then. Once it has another one, this says nothing any more.
    var name: String
    /// When the call was: RFC 3339 in UTC, so that texts sort as times do.
    var calledAt: String
    var callSID: String

    init(_ name: String, in call: CallTranscript) {
        self.name = name
        calledAt = BusinessTime(zone: .utc).iso8601(call.occurredAt)
        callSID = call.callSID
    }
}

extension HeardName: Comparable {
    static func < (left: HeardName, right: HeardName) -> Bool {
        (left.calledAt, left.callSID) < (right.calledAt, right.callSID)
    }
}

extension JSON.Object {
    var heardName: HeardName? {
        get { self["heard_name"].flatMap(HeardName.init(json:)) }
        set { self["heard_name"] = newValue?.json }
    }
}

extension HeardName {
    /// - Returns: nil for what another program may have put there.
    fileprivate init?(json: JSON) {
        guard let name = json["name"]?.text, let calledAt = json["called_at"]?.text, let sid = json["call_sid"]?.text
        else { return nil }
        self.name = name
        self.calledAt = calledAt
        callSID = sid
    }

    fileprivate var json: JSON {
        ["name": .string(name), "called_at": .string(calledAt), "call_sid": .string(callSID)]
    }
}
