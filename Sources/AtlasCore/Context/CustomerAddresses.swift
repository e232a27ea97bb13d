/// The addresses by which a customer's mail is known.
struct CustomerAddresses: Sendable {
    /// A search that names more of them is one that no server likes.
    private static let most = 10

    let texts: [String]

    init(_ contact: Contact) {
        var seen: Set<String> = []
        texts = contact.emails.compactMap { EmailAddress($0)?.text }.filter { seen.insert($0).inserted }
    }

    var isEmpty: Bool { texts.isEmpty }

    /// Mail from any of them, or to them.
    var query: MailQuery { .or(texts.prefix(Self.most).flatMap { [.from($0), .to($0), .cc($0)] }) }

    /// The newest mail of the configured mailbox from and to the customer.
    func mail(in inbox: Inbox, limit: Int) async throws -> CustomerRecords.Part<MessageSummary> {
        let listing = try await inbox.find(query, limit: limit)
        // Servers look for a part of an address: ann@example.com is in joann@example.com.
        let own = listing.messages.filter { !isOnlyPart(in: $0) }
        return CustomerRecords.Part(
            items: own, total: listing.total - (listing.messages.count - own.count), latest: own.map(\.date).max())
    }

    /// Whether a message that was found names no address of the customer, but one that such an address is part of. Long lists of
    /// recipients are shown in part, so that a message which names neither may still be theirs.
    private func isOnlyPart(in message: MessageSummary) -> Bool {
        var isPart = false
        for person in [message.from].compactMap(\.self) + message.to + message.cc {
            let person = person.lowercased()
            for address in texts {
                switch Self.occurrence(of: address, in: person) {
                case .whole: return false
                case .part: isPart = true
                case nil: break
                }
            }
        }
        return isPart
    }

    private enum Occurrence { case whole, part }

    private static func occurrence(of address: String, in text: String) -> Occurrence? {
        func continues(_ character: Character?) -> Bool {
            guard let character else { return false }
            return character.isLetter || character.isNumber || "!#$%&'*+-/=?^_`{|}~.@".contains(character)
        }
        var result: Occurrence?
        for range in text.ranges(of: address) {
            let before = text[..<range.lowerBound].last
            if !continues(before), !continues(text[range.upperBound...].first) { return .whole }
            result = .part
        }
        return result
    }
}
