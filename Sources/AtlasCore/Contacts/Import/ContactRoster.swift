#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The contacts that the people of a file may be, in memory: as the database had them when they were looked for, and as they become
/// while one person after the other is met.
///
/// So a file of many rows is decided as if each row were written before the next one is looked at, and each contact is written once.
struct ContactRoster {
    struct Entry {
        var candidate: ContactUpsert.Candidate
        /// As the database has it; nil for one that is new.
        var original: ContactUpsert.Candidate?
        /// Contacts that keep one of no business from moving into a business, by business.
        var rivals: [String: UUID] = [:]
        /// The people that were met in it, by their place in the file.
        var people: [Int] = []

        var isChange: Bool { original?.contact != candidate.contact }
        var contact: Contact { candidate.contact }
        /// Whether it moves into a business.
        var moves: Bool {
            original.map { $0.contact.businessContextID != candidate.contact.businessContextID } ?? false
        }
    }

    private(set) var entries: [Entry] = []
    private var places: [UUID: Int] = [:]
    private var byEmail: [String: [Int]] = [:]
    private var byLastDigits: [String: [Int]] = [:]
    private var byName: [String: [Int]] = [:]

    func entry(_ id: UUID) -> Entry? { places[id].map { entries[$0] } }

    // MARK: What the database has

    /// Adds what a look found. A contact that has changed here since stays as it is here.
    mutating func add(_ found: ContactFindings) {
        for (id, candidate) in found.candidates {
            if let place = places[id] {
                guard entries[place].people.isEmpty else { continue }
                entries[place].candidate.identities.formUnion(candidate.identities)
                entries[place].original?.identities.formUnion(candidate.identities)
                index(place)
            } else {
                append(Entry(candidate: candidate, original: candidate))
            }
        }
        for (key, rival) in found.rivals {
            if let place = places[key.contact] { entries[place].rivals[key.business] = rival }
        }
    }

    private mutating func append(_ entry: Entry) {
        places[entry.contact.id] = entries.count
        entries.append(entry)
        index(entries.count - 1)
    }

    private mutating func index(_ place: Int) {
        let contact = entries[place].contact
        for email in contact.emails { Self.note(place, under: email.lowercased(), in: &byEmail) }
        for phone in contact.phones {
            if let digits = Self.lastDigits(phone, 7) { Self.note(place, under: digits, in: &byLastDigits) }
        }
        if contact.phoneE164 == nil, contact.emails.isEmpty {
            Self.note(place, under: contact.fullName.folded, in: &byName)
        }
    }

    private static func note(_ place: Int, under key: String, in index: inout [String: [Int]]) {
        if index[key]?.contains(place) != true { index[key, default: []].append(place) }
    }

    private static func lastDigits(_ phone: String, _ count: Int) -> String? {
        let digits = phone.digits
        return digits.utf8.count < count ? nil : String(digits.suffix(count))
    }

    // MARK: One person after the other

    /// Meets a person: what ``Contacts/create(_:)`` would do.
    ///
    /// - Parameters:
    ///   - index: the person's place in the file.
    ///   - source: what a new contact gets as its source if the person has none.
    ///   - mayMove: whether a contact may move into a business whose phones and addresses others list, too: who has them then depends
    ///     on the order in which contacts are written.
    /// - Returns: nil, with nothing done, when that would happen and must not.
    mutating func meet(
        _ person: KnownPerson, at index: Int, region: String, source: String? = nil, mayMove: Bool = true
    ) -> (upsert: ContactUpsert, entry: Int)? {
        let numbers = person.numbers
        let emails = person.emailAddresses
        let candidates = candidates(numbers: numbers, emails: emails, businessContextID: person.businessContextID)
        let namesake = numbers.isEmpty && emails.isEmpty ? namesake(of: person) : nil
        let plan = MeetingPlan(
            of: person, newID: .timeOrdered(), among: candidates, otherwise: namesake, region: region)
        var contact = plan.contact
        if plan.isNew {
            if person.source == nil, let source { contact.source = source }
            let candidate = ContactUpsert.Candidate(
                contact: contact, identities: identities(of: contact, besides: nil), rival: nil)
            append(Entry(candidate: candidate, original: nil, people: [index]))
            return (plan.upsert, entries.count - 1)
        }
        guard let place = places[contact.id] else { return nil }
        if !mayMove, contact.businessContextID != entries[place].contact.businessContextID, isEntangled(place) {
            return nil
        }
        entries[place].people.append(index)
        guard contact != entries[place].contact else { return (plan.upsert, place) }
        let before = entries[place].contact
        entries[place].candidate.contact = contact
        entries[place].candidate.contact.updatedAt = Date()
        // The triggers look at a contact's identities when one of these changes.
        if (before.phones, before.emails, before.phoneE164) != (contact.phones, contact.emails, contact.phoneE164)
            || before.businessContextID != contact.businessContextID
        {
            entries[place].candidate.identities.formUnion(identities(of: contact, besides: place))
        }
        self.index(place)
        return (plan.upsert, place)
    }

    /// Whether another contact lists what this one does, or it lists what is not its own.
    private func isEntangled(_ place: Int) -> Bool {
        let candidate = entries[place].candidate
        return candidate.contact.phones.contains { phone in
            phone.first == "+" && !candidate.identities.contains(phone)
                || (Self.lastDigits(phone, 7).flatMap { byLastDigits[$0] } ?? []).contains { $0 != place }
        }
            || candidate.contact.emails.contains { email in
                !candidate.identities.contains(email) || (byEmail[email] ?? []).contains { $0 != place }
            }
    }

    /// Those that have one of these, or wrote it, as ``ContactLook`` finds and orders them.
    private func candidates(
        numbers: [PhoneNumber], emails: [EmailAddress], businessContextID: String?
    ) -> [ContactUpsert.Candidate] {
        var found: [(place: Int, isExact: Bool)] = []
        func note(_ place: Int, _ isExact: Bool) {
            if let known = found.firstIndex(where: { $0.place == place }) {
                found[known].isExact = found[known].isExact || isExact
            } else {
                found.append((place, isExact))
            }
        }
        for number in numbers {
            guard let digits = Self.lastDigits(number.e164, 7) else { continue }
            for place in byLastDigits[digits] ?? [] {
                let candidate = entries[place].candidate
                if candidate.identities.contains(number.e164) {
                    note(place, true)
                } else if candidate.contact.phones.contains(where: { phone in
                    phone == number.e164
                        || !candidate.identities.contains(phone) && phone.digits.suffix(10) == number.e164.suffix(10)
                }) {
                    note(place, false)
                }
            }
        }
        for email in emails {
            for place in byEmail[email.text] ?? [] {
                note(place, entries[place].candidate.identities.contains(email.text))
            }
        }
        guard !found.isEmpty else { return [] }
        if found.count > 1 {
            func rank(_ item: (place: Int, isExact: Bool)) -> (Int, Int, Double, String) {
                let contact = entries[item.place].contact
                return (
                    item.isExact ? 0 : 1, contact.status == ContactStatus.archived.rawValue ? 1 : 0,
                    contact.createdAt.timeIntervalSinceReferenceDate, contact.id.uuidString
                )
            }
            found.sort { rank($0) < rank($1) }
        }
        return found.prefix(50).map { item in
            var candidate = entries[item.place].candidate
            candidate.rival = rival(of: item.place, in: businessContextID)
            return candidate
        }
    }

    private func rival(of place: Int, in business: String?) -> UUID? {
        guard let business, entries[place].contact.businessContextID == nil else { return nil }
        if let known = entries[place].rivals[business] { return known }
        for identity in entries[place].candidate.identities {
            let holders =
                identity.first == "+" ? Self.lastDigits(identity, 7).flatMap { byLastDigits[$0] } : byEmail[identity]
            let rival = holders?.first { other in
                entries[other].contact.businessContextID == business
                    && entries[other].candidate.identities.contains(identity)
            }
            if let rival { return entries[rival].contact.id }
        }
        return nil
    }

    /// The identities of a contact that nobody else of its business has, as the triggers of `contacts` give them.
    private func identities(of contact: Contact, besides place: Int?) -> Set<String> {
        func isFree(_ identity: String, _ holders: [Int]?) -> Bool {
            holders?.contains { other in
                other != place && entries[other].contact.businessContextID == contact.businessContextID
                    && entries[other].candidate.identities.contains(identity)
            } != true
        }
        var identities: Set<String> = []
        for phone in contact.phones where phone.first == "+" {
            guard let digits = Self.lastDigits(phone, 7), isFree(phone, byLastDigits[digits]) else { continue }
            identities.insert(phone)
        }
        for email in contact.emails where isFree(email, byEmail[email]) { identities.insert(email) }
        return identities
    }

    /// Who has the same name and place, and no identity either: the same row, imported again.
    private func namesake(of person: KnownPerson) -> ContactUpsert.Candidate? {
        byName[person.fullName.folded]?.lazy.map { entries[$0].candidate }.first { candidate in
            let contact = candidate.contact
            func agrees(_ known: String?, _ given: String?) -> Bool {
                (known ?? "").folded == (given ?? "").folded
            }
            return contact.phones == ([person.phone] + person.otherPhones).compactMap { $0?.text }
                && contact.businessContextID == person.businessContextID
                && contact.status != ContactStatus.archived.rawValue
                && agrees(contact.address, person.address) && agrees(contact.city, person.city)
                && agrees(contact.zip, person.zip)
        }
    }
}
