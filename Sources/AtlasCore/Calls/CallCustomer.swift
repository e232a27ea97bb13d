#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Who the customer of a call is, as far as the call itself tells. A pure function of the call.
struct CallCustomer: Equatable {
    /// What identifies the customer: the number they gave, else the one of their line.
    private(set) var number: PhoneNumber?
    /// The number as it was given, with its extension.
    private(set) var phone: String?
    /// The customer's end of the call; nil when it was withheld.
    private(set) var line: PhoneNumber?
    private(set) var email: EmailAddress?
    /// Nil when nobody said one.
    private(set) var name: String?
    private(set) var address: String?
    /// Whether the call is about no customer at all: spam, a wrong number, a personal call.
    let concernsNoCustomer: Bool
    /// What the caller should know of it.
    private(set) var warnings: [String] = []

    /// Whether there is nothing to find somebody by.
    var isUnknown: Bool { number == nil && email == nil }

    /// - Parameter ownNumbers: the business's own as E.164, which are nobody's identity, and tell the direction of a call where that is not
    ///   known. A call of unknown direction is taken for an inbound one otherwise.
    init(of call: CallTranscript, region: String, ownNumbers: Set<String>) {
        let extracted = ExtractedCall(reading: call.extractedData)
        concernsNoCustomer = extracted.concernsNoCustomer
        name = extracted.customerName
        address = extracted.address

        let from = PhoneNumber.normalize(call.fromNumber, region: region)
        let to = PhoneNumber.normalize(call.toNumber, region: region)
        let isOutbound =
            if let direction = call.direction {
                direction.hasPrefix(CallDirection.outbound.rawValue)
            } else {
                from.map { ownNumbers.contains($0.e164) } == true && to.map { ownNumbers.contains($0.e164) } != true
            }
        var ours = ownNumbers
        if let own = isOutbound ? from : to { ours.insert(own.e164) }
        line = (isOutbound ? to : from).flatMap { ours.contains($0.e164) ? nil : $0 }
        readPhone(extracted.customerPhone, region: region, ours: ours)
        if let text = extracted.customerEmail {
            email = EmailAddress(text)
            if email == nil { warnings.append("customer_email \"\(text.cutShort(at: 60))\" is no e-mail address.") }
        }
        if !concernsNoCustomer, isUnknown {
            warnings.append(
                "The call is linked to no contact: the number was withheld or is not known, and neither a phone nor an e-mail "
                    + "address was given.")
        }
    }

    private mutating func readPhone(_ text: String?, region: String, ours: Set<String>) {
        switch text.map({ GivenPhone($0, region: region) }) {
        // The business's own number is said in a call too.
        case .number(let given)? where !ours.contains(given.e164):
            number = given
            phone = text
            return
        case .incomplete(let given)?:
            warnings.append(
                "customer_phone \"\(given.cutShort(at: 40))\" cannot be completed to an international number, so it does not "
                    + "identify the customer.")
        case .number?, .withheld?, nil: break
        }
        number = line
        phone = line?.e164
    }

    /// The person to be met. One without a name is called after the number.
    ///
    /// - Throws: ``AtlasError``, never for what ``init(of:region:ownNumbers:)`` let through.
    func person(of call: CallTranscript, region: String, defaultContext: String?) throws -> KnownPerson {
        var draft = ContactDraft(
            fullName: name ?? "Caller " + (number?.e164 ?? email?.text ?? "unknown"), phone: phone, email: email?.text,
            address: address, businessContextID: call.businessContextID)
        draft.nameIsPlaceholder = name == nil
        var person = try KnownPerson(draft, region: region, defaultContext: defaultContext)
        if name != nil { person.heardName = HeardName(person.fullName, in: call) }
        return person
    }
}

extension CallTranscript {
    /// When the call was, as well as that is known.
    var occurredAt: Date { startedAt ?? createdAt }
}
