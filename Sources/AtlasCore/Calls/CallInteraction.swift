#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
import JSON

/// The line that a call leaves in its contact's history.
struct CallInteraction {
    let callSID: String
    let summary: String
    let occurredAt: Date
    let metadata: JSON.Object

    init(of call: CallTranscript) {
        let said = ExtractedCall(reading: call.extractedData)
        callSID = call.callSID
        occurredAt = call.startedAt ?? call.createdAt
        summary = call.summary ?? Self.summary(said, call)
        var metadata: JSON.Object = ["call_sid": .string(call.callSID)]
        if let direction = call.direction { metadata["direction"] = .string(direction) }
        if let seconds = call.durationSeconds { metadata["duration_seconds"] = .integer(seconds) }
        if let intent = said.intent { metadata["intent"] = .string(intent) }
        if said.followUpNeeded == true { metadata["follow_up_needed"] = true }
        self.metadata = metadata
    }

    private static func summary(_ said: ExtractedCall, _ call: CallTranscript) -> String {
        var sentence = call.direction == CallDirection.outbound.rawValue ? "Called them" : "They called"
        if let intent = said.intent { sentence += " (\(intent.split(separator: "_").joined(separator: " ")))" }
        if !said.servicesMentioned.isEmpty { sentence += " about \(said.servicesMentioned.joined(separator: ", "))" }
        let wish = [said.preferredDate, said.preferredTime].compactMap(\.self)
        if !wish.isEmpty { sentence += ", for \(wish.joined(separator: ", "))" }
        return sentence + "."
    }

    /// Writes it for the contact. A call that we made may have left a line when it was placed: that one gets the better words, and
    /// moves to the contact whose the call was.
    func statement(for contactID: UUID) -> Query {
        """
        INSERT INTO contact_interactions (id, contact_id, interaction_type, summary, occurred_at, metadata, source_ref)
        VALUES (\(UUID.timeOrdered()), \(contactID), 'call', \(summary), \(occurredAt), \(metadata), \("call:" + callSID))
        ON CONFLICT (source_ref) WHERE source_ref IS NOT NULL DO UPDATE
        SET contact_id = excluded.contact_id, summary = excluded.summary,
            metadata = coalesce(contact_interactions.metadata, '{}') || excluded.metadata
        """
    }
}
