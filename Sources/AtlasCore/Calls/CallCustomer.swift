/// Who the customer of a call is, as far as the call tells.
///
/// A pure function of the written-down call: the number that was stated, else the other party's; an e-mail address; a name.
struct CallCustomer: Equatable {
    /// What to look for and what to add; nil when there is no customer, or nobody can be told.
    var draft: ContactDraft?
    /// Sentences for the caller.
    var warnings: [String] = []

    /// - Parameters:
    ///   - region: where a number without country code is dialled.
    ///   - ownNumbers: the business's, as E.164: whoever has one of them is not the customer.
    init(of call: CallTranscript, region: String, ownNumbers: Set<String>) {
        let said = ExtractedCall(reading: call.extractedData)
        guard !said.concernsNoCustomer else { return }

        let stated = said.customerPhone.flatMap { Self.number($0, region, ownNumbers) }
        if stated == nil, let phone = said.customerPhone {
            warnings.append("customer_phone \"\(phone)\" is no complete number of a customer, so it was not used.")
        }
        let number = stated ?? Self.otherParty(of: call, region, ownNumbers)
        let email = said.customerEmail.flatMap(EmailAddress.init)
        if email == nil, let text = said.customerEmail {
            warnings.append("customer_email \"\(text)\" is no e-mail address, so it was not used.")
        }
        guard let identity = number?.e164 ?? email?.text else {
            warnings.append(
                "The call has neither a number nor an e-mail address of the customer, so it belongs to no contact.")
            return
        }
        var draft = ContactDraft(
            fullName: said.customerName ?? "Caller \(identity)", phone: number?.e164, email: email?.text,
            address: said.address, businessContextID: call.businessContextID)
        draft.nameIsPlaceholder = said.customerName == nil
        self.draft = draft
    }

    private static func number(_ text: String, _ region: String, _ ownNumbers: Set<String>) -> PhoneNumber? {
        PhoneNumber.normalize(text, region: region).flatMap { ownNumbers.contains($0.e164) ? nil : $0 }
    }

    /// The one of the two who is not the business.
    private static func otherParty(
        of call: CallTranscript, _ region: String, _ ownNumbers: Set<String>
    ) -> PhoneNumber? {
        let (from, to) = (
            PhoneNumber.normalize(call.fromNumber, region: region), PhoneNumber.normalize(call.toNumber, region: region)
        )
        let isOutbound =
            switch call.direction.flatMap(CallDirection.init(rawValue:)) {
            case .outbound?: true
            case .inbound?: false
            // Who called is told by which number is ours; if neither is known to be, customers call.
            case nil: from.map { ownNumbers.contains($0.e164) } ?? false
            }
        return (isOutbound ? to : from).flatMap { ownNumbers.contains($0.e164) ? nil : $0 }
    }
}
