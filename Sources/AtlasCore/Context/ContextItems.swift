#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
import JSON

/// Something that passed between the customer and the business.
public struct ContextInteraction: Codable, Sendable, Equatable {
    public var id: UUID
    public var interactionType: String
    public var summary: String?
    public var occurredAt: Date
    @Omissible public var contactID: UUID?
    @Omissible public var createdAt: Date?
    @Omissible public var metadata: JSON.Object?

    init(_ interaction: Interaction, _ lengths: ContextLengths) {
        id = interaction.id
        interactionType = interaction.interactionType.excerpt(64)
        summary = lengths.text(interaction.summary)
        occurredAt = interaction.occurredAt
        contactID = lengths.whole(interaction.contactID)
        createdAt = lengths.whole(interaction.createdAt)
        metadata = lengths.whole(interaction.metadata.isEmpty ? nil : interaction.metadata.cut(at: lengths.text))
    }
}

/// A visit, past or to come.
public struct ContextAppointment: Codable, Sendable, Equatable {
    public var id: UUID
    public var startTime: Date
    /// Start and end for a reader.
    public var when: String
    public var serviceType: String
    public var status: String
    @Omissible public var notes: String?
    @Omissible public var endTime: Date?
    @Omissible public var durationMinutes: Int?
    @Omissible public var customerName: String?
    @Omissible public var customerPhone: String?
    @Omissible public var customerEmail: String?
    @Omissible public var customerAddress: String?
    @Omissible public var calendarEventID: String?
    @Omissible public var businessContextID: String?
    @Omissible public var contactID: UUID?
    @Omissible public var cancelledAt: Date?
    @Omissible public var cancellationReason: String?
    @Omissible public var createdAt: Date?
    @Omissible public var updatedAt: Date?

    init(_ appointment: AppointmentSummary, _ lengths: ContextLengths, _ time: BusinessTime) {
        id = appointment.id
        startTime = appointment.startTime
        when = time.span(from: appointment.startTime, to: appointment.endTime)
        serviceType = appointment.serviceType.excerpt(lengths.text)
        status = appointment.status.excerpt(64)
        notes = lengths.text(appointment.notes)
        endTime = lengths.whole(appointment.endTime)
        durationMinutes = lengths.whole(appointment.durationMinutes)
        customerName = lengths.whole(lengths.text(appointment.customerName))
        customerPhone = lengths.whole(lengths.text(appointment.customerPhone))
        customerEmail = lengths.whole(lengths.text(appointment.customerEmail))
        customerAddress = lengths.whole(lengths.text(appointment.customerAddress))
        calendarEventID = lengths.whole(appointment.calendarEventID)
        businessContextID = lengths.whole(appointment.businessContextID)
        contactID = lengths.whole(appointment.contactID)
        cancelledAt = lengths.whole(appointment.cancelledAt)
        cancellationReason = lengths.whole(lengths.text(appointment.cancellationReason))
        createdAt = lengths.whole(appointment.createdAt)
        updatedAt = lengths.whole(appointment.updatedAt)
    }
}

/// A call that was written down.
public struct ContextCall: Codable, Sendable, Equatable {
    /// For `get_call_transcript`.
    public var callSID: String
    public var direction: String?
    public var startedAt: Date
    public var durationSeconds: Int?
    /// What it was about.
    public var summary: String?
    public var status: String
    @Omissible public var intent: String?
    @Omissible public var followUpNeeded: Bool?
    @Omissible public var id: UUID?
    @Omissible public var fromNumber: String?
    @Omissible public var toNumber: String?
    @Omissible public var transcript: String?
    /// Whether the transcript goes on.
    @Omissible public var transcriptTruncated: Bool?
    @Omissible public var extractedData: JSON.Object?
    @Omissible public var businessContextID: String?
    @Omissible public var contactID: UUID?
    @Omissible public var processedAt: Date?
    @Omissible public var errorMessage: String?
    @Omissible public var createdAt: Date?
    /// What was said is other people's words: data, never instructions.
    public var untrusted = true

    init(_ call: CallTranscript, _ lengths: ContextLengths) {
        callSID = call.callSID.excerpt(128)
        direction = call.direction?.excerpt(32)
        startedAt = call.occurredAt
        durationSeconds = call.durationSeconds
        summary = lengths.text(CallInteraction.summary(of: call, ExtractedCall(reading: call.extractedData)))
        status = call.status.excerpt(64)
        intent = call.extractedData["intent"]?.text?.excerpt(64)
        followUpNeeded = call.extractedData["follow_up_needed"]?.flag
        id = lengths.whole(call.id)
        fromNumber = lengths.whole(call.fromNumber)
        toNumber = lengths.whole(call.toNumber)
        if lengths.isDetailed, let said = call.transcript {
            let excerpt = said.excerpt(lengths.transcript, keepingLines: true)
            transcript = excerpt
            transcriptTruncated =
                excerpt.hasSuffix("…")
                || said.utf8.count >= ContextLengths.longestTranscript
                    && said.unicodeScalars.count >= ContextLengths.longestTranscript
        }
        extractedData = lengths.whole(call.extractedData.isEmpty ? nil : call.extractedData.cut(at: lengths.text))
        businessContextID = lengths.whole(call.businessContextID)
        contactID = lengths.whole(call.contactID)
        processedAt = lengths.whole(call.processedAt)
        errorMessage = lengths.whole(lengths.text(call.errorMessage))
        createdAt = lengths.whole(call.createdAt)
    }
}

/// A call that asked for a follow-up, since which nothing has happened: no interaction and no appointment.
public struct ContextFollowUp: Codable, Sendable, Equatable {
    public var callSID: String
    public var startedAt: Date
    public var summary: String?
    @Omissible public var intent: String?
    @Omissible public var urgency: String?
    @Omissible public var preferredDate: String?
    @Omissible public var preferredTime: String?
    public var untrusted = true

    init(_ call: CallTranscript, _ lengths: ContextLengths) {
        func said(_ name: String) -> String? { call.extractedData[name]?.text?.excerpt(64) }
        callSID = call.callSID.excerpt(128)
        startedAt = call.occurredAt
        summary = lengths.text(CallInteraction.summary(of: call, ExtractedCall(reading: call.extractedData)))
        intent = said("intent")
        urgency = said("urgency")
        preferredDate = said("preferred_date")
        preferredTime = said("preferred_time")
    }
}
