import JSON

// How long the items of a context are as JSON, estimated from above: the names that a concise or a detailed one has,
// and the texts that it holds.

private func octets(_ names: Int, _ texts: String?...) -> Int { texts.reduce(names) { $0 + ($1?.jsonOctets ?? 0) } }

extension [String]? {
    fileprivate var octets: Int { (self ?? []).reduce(0) { $0 + $1.jsonOctets + 4 } }
}

extension ContextInteraction {
    var octets: Int {
        AtlasCore.octets(contactID == nil ? 150 : 330, interactionType, summary)
            + (metadata.map { JSON.object($0).bytes.count } ?? 0)
    }
}

extension ContextAppointment {
    var octets: Int {
        AtlasCore.octets(
            endTime == nil ? 180 : 750, when, serviceType, status, notes, customerName, customerPhone, customerEmail,
            customerAddress,
            calendarEventID, businessContextID, cancellationReason)
    }
}

extension ContextCall {
    var octets: Int {
        AtlasCore.octets(
            id == nil ? 220 : 720, callSID, summary, status, intent, fromNumber, toNumber, transcript,
            businessContextID, errorMessage)
            + (extractedData.map { JSON.object($0).bytes.count } ?? 0)
    }
}

extension ContextFollowUp {
    var octets: Int { AtlasCore.octets(220, callSID, summary, intent, urgency, preferredDate, preferredTime) }
}

extension ContextSentEmail {
    var octets: Int {
        AtlasCore.octets(
            toAddresses == nil ? 150 : 450, subject, templateType, status, snippet, fromAddress, messageID, inReplyTo,
            provider)
            + toAddresses.octets + ccAddresses.octets + bccAddresses.octets + attachments.octets + rejected.octets
    }
}

extension ContextInboxEmail {
    var octets: Int {
        AtlasCore.octets(
            threadID == nil ? 140 : 350, id, from, subject, snippet, threadID, mailbox, messageID, inReplyTo)
            + to.octets
            + cc.octets
    }
}
