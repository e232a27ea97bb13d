#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

import JSON

/// A wish that has been checked: what is booked, and for whom.
struct BookingRequest: Sendable {
    let person: KnownPerson
    let phone: GivenPhone
    let slot: Range<Date>
    let serviceType: String
    let email: String?
    let address: String?
    let notes: String?
    let resource: String

    /// - Throws: ``AtlasError`` `invalid_argument` that names all that is wrong.
    init(_ wish: BookingWish, _ booking: Booking) throws {
        var problems = Problems()
        let contacts = booking.contacts
        let name = problems.note { () throws(AtlasError) in
            try TextLimit.customerName.required(wish.customerName)
        }
        let phone = problems.note { () throws(AtlasError) in
            try Self.phone(wish.customerPhone, region: contacts.region)
        }
        let email = problems.note { () throws(AtlasError) in try Self.email(wish.customerEmail) }
        let address = problems.note { () throws(AtlasError) in try TextLimit.address.optional(wish.address) }
        let notes = problems.note { () throws(AtlasError) in try TextLimit.notes.optional(wish.notes) }
        let service = problems.note { () throws(AtlasError) in try TextLimit.serviceType.optional(wish.serviceType) }
        let resource = problems.note { () throws(AtlasError) in try TextLimit.resource.optional(wish.resource) }
        let slot = problems.note { () throws(AtlasError) in
            let minutes = try Self.minutes(wish.minutes) ?? booking.policy.minutes(of: wish.serviceType)
            return try booking.slot(date: wish.date, time: wish.time, minutes: minutes)
        }
        try problems.check()
        guard let name, let phone, let slot, let email, let address, let notes, let service, let resource else {
            throw AtlasError(.internal, "A booking could not be read.")
        }
        self.phone = phone
        self.slot = slot
        self.email = email
        self.address = address
        self.notes = notes
        serviceType = service ?? "visit"
        self.resource = resource ?? ""
        person = try KnownPerson(
            ContactDraft(fullName: name, phone: wish.customerPhone, email: email, address: address),
            region: contacts.region, defaultContext: contacts.businessContextID)
    }

    private static func phone(_ text: String, region: String) throws(AtlasError) -> GivenPhone {
        let phone = GivenPhone(text, region: region)
        guard !phone.text.isEmpty else {
            throw AtlasError(.invalidArgument, "customer_phone must not be blank.", parameter: "customer_phone")
        }
        if case .incomplete(let given) = phone, given.digits.isEmpty || given.unicodeScalars.count > 32 {
            throw AtlasError(
                .invalidArgument, "customer_phone is not a phone number: \"\(given.cutShort(at: 32))\".",
                parameter: "customer_phone")
        }
        return phone
    }

    private static func email(_ text: String?) throws(AtlasError) -> String? {
        guard let text = text?.cleaned(), !text.isEmpty else { return nil }
        guard let email = EmailAddress(text) else {
            throw AtlasError(
                .invalidArgument,
                "customer_email must be one address like ann@example.com, got \"\(text.cutShort(at: 60))\". Leave it out if unknown.",
                parameter: "customer_email")
        }
        return email.text
    }

    static func minutes(_ minutes: Int?) throws(AtlasError) -> Int? {
        let lengths = BookingPolicy.lengths
        guard minutes.map(lengths.contains) != false else {
            throw AtlasError(
                .invalidArgument,
                "duration_minutes must be between \(lengths.lowerBound) and \(lengths.upperBound).",
                parameter: "duration_minutes")
        }
        return minutes
    }
}

extension BookingWish {
    /// For the idempotency key: nothing that depends on the day or the settings.
    var arguments: JSON {
        func text(_ text: String?) -> JSON { text.map { .string($0.trimmed) } ?? .null }
        return [
            "customer_name": text(customerName), "customer_phone": text(customerPhone), "date": text(date),
            "time": text(time), "service_type": text(serviceType), "customer_email": text(customerEmail),
            "address": text(address), "notes": text(notes), "minutes": minutes.map(JSON.integer) ?? .null,
            "resource": text(resource),
        ]
    }
}

/// What is wrong with a call, all of it in one error.
struct Problems {
    private var errors: [AtlasError] = []

    /// - Returns: nil when `body` threw, which is kept.
    mutating func note<R>(_ body: () throws(AtlasError) -> R) -> R? {
        do { return try body() } catch {
            errors.append(error)
            return nil
        }
    }

    func check() throws(AtlasError) {
        guard let first = errors.first else { return }
        guard errors.count > 1 else { throw first }
        throw AtlasError(first.code, errors.map(\.message).joined(separator: " "), parameter: first.parameter)
    }
}

extension TextLimit {
    static let customerName = TextLimit(parameter: "customer_name", longest: 256)
    static let serviceType = TextLimit(parameter: "service_type", longest: 128)
    static let resource = TextLimit(parameter: "resource", longest: 64)
    static let reason = TextLimit(parameter: "reason", longest: 2000, keepsLines: true)
}
