#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Whether a person is known already, and what a meeting adds to what is known.
///
/// A pure function of the person and of those who might be them; the database's unique indexes and locks see to it that nobody
/// else decides meanwhile.
struct ContactUpsert: Equatable {
    /// A contact that has the person's phone or e-mail address, or might.
    struct Candidate: Equatable {
        var contact: Contact
        /// The phones and e-mail addresses that are this contact's and nobody else's in its business.
        var identities: Set<String>
        /// A contact of the caller's business that shares an identity with this one, which therefore cannot move there.
        var rival: UUID?
    }

    enum Action: Equatable {
        /// Nobody is known.
        case insert
        /// The contact is known; `after` is what it becomes, equal to `before` when nothing is new.
        case update(before: Contact, after: Contact)
    }

    var action: Action
    var matchedOn: MatchedOn?
    var reactivated = false
    var conflicts: [FieldConflict] = []
    var possibleDuplicates: [UUID] = []

    /// - Parameter otherwise: whom the person is taken for when nobody has the phone or the e-mail address.
    static func decide(
        _ person: KnownPerson, among candidates: [Candidate], otherwise: Candidate? = nil, region: String
    ) -> ContactUpsert {
        let scope = IdentityScope(businessContextID: person.businessContextID)
        let byPhone = person.numbers.map { number in
            (value: number.e164, holders: scope.holders(of: candidates) { $0.claim(to: number, region: region) })
        }
        let byEmail = person.emailAddresses.map { email in
            (value: email.text, holders: scope.holders(of: candidates) { $0.claim(to: email) })
        }
        let holders = (byPhone + byEmail).flatMap(\.holders.all)

        let match: Candidate
        let matchedOn: MatchedOn
        if let holder = byPhone.lazy.compactMap(\.holders.chosen).first {
            (match, matchedOn) = (holder, .phone)
        } else if let holder = byEmail.lazy.compactMap(\.holders.chosen).first {
            (match, matchedOn) = (holder, .email)
        } else if let otherwise, holders.isEmpty {
            (match, matchedOn) = (otherwise, .phone)
        } else {
            return ContactUpsert(action: .insert, possibleDuplicates: distinct(holders))
        }

        var meeting = Meeting(of: match.contact)
        if meeting.contact.businessContextID == nil, match.rival == nil {
            meeting.contact.businessContextID = person.businessContextID
        }
        meeting.learn(person, region: region) { value in
            !(byPhone + byEmail).contains { identity in
                identity.value == value && identity.holders.all.contains { $0.contact.id != match.contact.id }
            }
        }
        var upsert = ContactUpsert(action: .update(before: match.contact, after: meeting.contact), matchedOn: matchedOn)
        upsert.reactivated = match.contact.status == ContactStatus.archived.rawValue
        if upsert.reactivated {
            meeting.contact.status = ContactStatus.active.rawValue
            upsert.action = .update(before: match.contact, after: meeting.contact)
        }
        upsert.conflicts = meeting.conflicts
        upsert.possibleDuplicates = distinct(holders).filter { $0 != match.contact.id }
        if let rival = match.rival, !upsert.possibleDuplicates.contains(rival) {
            upsert.possibleDuplicates.append(rival)
        }
        return upsert
    }

    private static func distinct(_ candidates: [Candidate]) -> [UUID] {
        candidates.reduce(into: []) { if !$0.contains($1.contact.id) { $0.append($1.contact.id) } }
    }
}

/// How surely a contact has an identity, the surest last.
enum IdentityClaim: Int, Comparable {
    /// It is written in another way, as other programs do: a phone that has not been normalised.
    case written
    case exact

    static func < (left: IdentityClaim, right: IdentityClaim) -> Bool { left.rawValue < right.rawValue }
}

extension ContactUpsert.Candidate {
    func claim(to number: PhoneNumber, region: String) -> IdentityClaim? {
        if identities.contains(number.e164) { return .exact }
        let isWritten = contact.phones.contains {
            $0 == number.e164 || PhoneNumber.normalize($0, region: region) == number
        }
        return isWritten ? .written : nil
    }

    /// An address that is written but not the contact's own is another's: no claim.
    func claim(to email: EmailAddress) -> IdentityClaim? {
        identities.contains(email.text) ? .exact : nil
    }
}

/// Which contacts a caller may meet: those of its business and those of none; a caller for no business, all.
struct IdentityScope {
    var businessContextID: String?

    /// The contacts that have an identity, and the one that it means, if it means one.
    func holders(
        of candidates: [ContactUpsert.Candidate], claim: (ContactUpsert.Candidate) -> IdentityClaim?
    ) -> (chosen: ContactUpsert.Candidate?, all: [ContactUpsert.Candidate]) {
        let claims = candidates.compactMap { candidate in claim(candidate).map { (candidate, $0) } }
            .filter {
                businessContextID == nil || $0.0.contact.businessContextID ?? businessContextID == businessContextID
            }
            .sorted { before($0, $1) }
        let all = claims.map(\.0)
        guard let first = all.first else { return (nil, []) }
        // A caller for no business cannot choose between the contacts of two.
        let businesses = Set(all.map(\.contact.businessContextID))
        let isClear = businessContextID != nil || first.contact.businessContextID == nil || businesses.count == 1
        return (isClear ? first : nil, all)
    }

    /// The caller's own before the others, the surer before the less sure, the living before the archived, the latest first.
    private func before(
        _ left: (ContactUpsert.Candidate, IdentityClaim), _ right: (ContactUpsert.Candidate, IdentityClaim)
    ) -> Bool {
        func rank(_ pair: (ContactUpsert.Candidate, IdentityClaim)) -> (Int, Int, Int, Double) {
            let contact = pair.0.contact
            return (
                contact.businessContextID == businessContextID ? 0 : 1, -pair.1.rawValue,
                contact.status == ContactStatus.archived.rawValue ? 1 : 0, -contact.updatedAt.timeIntervalSince1970
            )
        }
        return rank(left) < rank(right)
    }
}
