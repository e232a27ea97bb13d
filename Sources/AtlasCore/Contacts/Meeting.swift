import JSON

/// A known contact, and what is learnt of it. Nothing known is overwritten: blanks are filled, lists grow, and what differs is kept
/// beside it, in `metadata.also_known_as`.
struct Meeting {
    var contact: Contact
    private(set) var conflicts: [FieldConflict] = []

    init(of contact: Contact) { self.contact = contact }

    /// Adds what the caller says of the person.
    ///
    /// - Parameter mayAdd: whether a further phone or e-mail address, in its normal form, belongs to nobody else.
    mutating func learn(_ person: KnownPerson, region: String, mayAdd: (String) -> Bool) {
        if !person.nameIsPlaceholder { learnName(of: person) }
        if let phone = person.phone { learn(phone, region: region, mayAdd: mayAdd) }
        for phone in person.otherPhones { learn(phone, region: region, mayAdd: mayAdd) }
        person.noteExtension(in: &contact)
        for email in person.emailAddresses where !contact.emails.contains(email.text) && mayAdd(email.text) {
            add(email: email.text)
        }
        fill("address", \.address, person.address)
        fill("city", \.city, person.city)
        fill("state", \.state, person.state)
        fill("zip", \.zip, person.zip)
        fill("source", \.source, person.source)
        fill("source_ref", \.sourceRef, person.sourceRef)
        if let type = person.contactType?.rawValue, type != contact.contactType {
            differ("contact_type", kept: contact.contactType, given: type)
        }
        contact.tags += person.tags.filter { !contact.tags.contains($0) }
        if let notes = person.notes { append(notes: notes) }
    }

    /// The known name stays, unless nobody has said it, or it was heard in a later call than the one that is told of now.
    private mutating func learnName(of person: KnownPerson) {
        let (name, known) = (person.fullName, contact.fullName)
        let isOther = name.folded != known.folded || name.folded.isEmpty
        let isMadeUp = contact.metadata[JSON.Object.nameIsPlaceholder] == true
        let heard = contact.metadata.heardName.flatMap { $0.name == known ? $0 : nil }
        let isEarlier = heard.map { heard in person.heardName.map { $0 < heard } == true } == true
        guard isMadeUp || isEarlier else {
            if isOther { differ("full_name", kept: known, given: name) }
            return
        }
        if isOther, !isMadeUp { contact.metadata.remember(known, as: "full_name") }
        contact.metadata.forget(name, as: "full_name")
        contact.rename(name)
        contact.metadata.heardName = person.heardName
    }

    private mutating func fill(_ field: String, _ path: WritableKeyPath<Contact, String?>, _ given: String?) {
        guard let given else { return }
        if let known = contact[keyPath: path], !known.trimmed.isEmpty {
            if known.folded != given.folded { differ(field, kept: known, given: given) }
        } else {
            contact[keyPath: path] = given
        }
    }

    mutating func append(notes: String) {
        guard let known = contact.notes, !known.isEmpty else {
            contact.notes = notes
            return
        }
        // As whole lines: "no" is not said by "no dogs".
        guard !("\n" + known + "\n").utf8.contains(("\n" + notes + "\n").utf8) else { return }
        contact.notes = known + "\n" + notes
    }

    /// Keeps a value that differs from the known one.
    mutating func differ(_ field: String, kept: String, given: String) {
        guard kept != given else { return }
        conflicts.append(FieldConflict(field: field, kept: kept, given: given))
        contact.metadata.remember(given, as: field)
    }

    private mutating func add(email: String) {
        // A blank or broken address that another program wrote gives way.
        if let first = contact.emails.first, EmailAddress(first) == nil { contact.emails.removeFirst() }
        contact.emails.removeAll { EmailAddress($0)?.text == email }
        contact.emails.append(email)
        contact.email = contact.emails.first
    }
}

extension Meeting {
    mutating func learn(_ phone: GivenPhone, region: String, mayAdd: (String) -> Bool) {
        switch phone {
        case .withheld: return
        case .number(let number):
            if contact.phones.contains(number.e164), contact.phoneE164 != nil { return }
            if mayAdd(number.e164) { add(number, region: region) }
        case .incomplete(let text): learn(incomplete: text)
        }
    }

    private mutating func add(_ number: PhoneNumber, region: String) {
        let unfinished = contact.phones.firstIndex { known in
            let digits = known.digits
            return known == number.e164 || digits.isEmpty || digits.count >= 7 && number.digits.hasSuffix(digits)
                || PhoneNumber.normalize(known, region: region) == number
        }
        if let unfinished {
            contact.phones[unfinished] = number.e164
        } else {
            contact.phones.append(number.e164)
        }
        contact.phone = contact.phones.first
        if contact.phones.first == number.e164 { contact.phoneE164 = number.e164 }
    }

    private mutating func learn(incomplete text: String) {
        let digits = text.digits
        guard let first = contact.phones.first else {
            contact.phones = [text]
            contact.phone = text
            return
        }
        let isKnown = contact.phones.contains { $0 == text || digits.count >= 7 && $0.digits.hasSuffix(digits) }
        if !isKnown, !digits.isEmpty { differ("phone", kept: first, given: text) }
    }
}

extension Contact {
    /// Gives the contact a name that is one.
    mutating func rename(_ name: String) {
        fullName = name
        (firstName, lastName) = PersonName.parts(of: name)
        metadata[JSON.Object.nameIsPlaceholder] = nil
    }
}

extension JSON.Object {
    /// True of a contact whose name nobody has said: `Caller +12175550134`.
    static let nameIsPlaceholder = "name_is_placeholder"

    /// Where values live that differed from the known ones: `[{"field": "full_name", "value": "Bob Lee"}]`.
    static let alsoKnownAs = "also_known_as"

    /// Keeps `value` beside the known one of `field`, once.
    mutating func remember(_ value: String, as field: String) {
        var others = self[Self.alsoKnownAs]?.items ?? []
        guard !others.contains(where: { $0["field"]?.text == field && $0["value"]?.text == value }) else { return }
        others.append(["field": .string(field), "value": .string(value)])
        self[Self.alsoKnownAs] = .array(others)
    }
}

extension JSON.Object {
    /// Keeps `value` no more beside the one of `field`, which it has become.
    fileprivate mutating func forget(_ value: String, as field: String) {
        guard let others = self[Self.alsoKnownAs]?.items else { return }
        let kept = others.filter { $0["field"]?.text != field || $0["value"]?.text != value }
        if kept.count < others.count { self[Self.alsoKnownAs] = kept.isEmpty ? nil : .array(kept) }
    }
}

extension String {
    /// The ASCII digits of the text.
    var digits: String { String(decoding: utf8.filter { $0 &- 0x30 < 10 }, as: UTF8.self) }
}

extension String.UTF8View {
    fileprivate func contains(_ other: String.UTF8View) -> Bool {
        let other = Array(other)
        let whole = Array(self)
        guard whole.count >= other.count else { return false }
        return (0...(whole.count - other.count)).contains { start in
            whole[start] == other[0] && whole[start..<start + other.count].elementsEqual(other)
        }
    }
}
