import MIME

/// The people of a vCard file: versions 2.1, 3.0 (RFC 2426) and 4.0 (RFC 6350), whose content lines are iCalendar's.
public enum VCardReader {
    /// - Throws: ``AtlasError`` `invalid_argument` when the octets hold no vCard.
    public static func entries(of octets: [UInt8]) throws -> [ContactEntry] {
        var entries: [ContactEntry] = []
        var card: Card?
        var line = 1
        var lines = ContentLine.lines(of: octets)[...]
        while let first = lines.popFirst() {
            let start = line
            line += first.octets.count { $0 == ContentLine.newline }
            guard let property = VCardProperty(first, rest: &lines, line: &line) else { continue }
            switch property.name {
            case "BEGIN" where property.value.uppercased() == "VCARD": card = Card(line: start)
            case "END" where property.value.uppercased() == "VCARD":
                if let card { entries.append(card.entry) }
                card = nil
            default: card?.add(property)
            }
        }
        guard !entries.isEmpty else {
            throw AtlasError(.invalidArgument, "The file holds no vCard: nothing between BEGIN:VCARD and END:VCARD.")
        }
        return entries
    }

    /// What has been read of one card.
    private struct Card {
        var line: Int
        var name: String?
        var structuredName: String?
        var organization: String?
        var phones: [(text: String, isPreferred: Bool)] = []
        var emails: [(text: String, isPreferred: Bool)] = []
        var address: [String]?
        var notes: [String] = []
        var tags: [String] = []

        init(line: Int) { self.line = line }

        mutating func add(_ property: VCardProperty) {
            switch property.name {
            case "FN": name = name ?? property.text
            case "N":
                let parts = property.parts
                func part(_ index: Int) -> String? { index < parts.count && !parts[index].isEmpty ? parts[index] : nil }
                structuredName = [part(3), part(1), part(2), part(0), part(4)].compactMap(\.self).joined(separator: " ")
            case "ORG": organization = organization ?? property.parts.first
            case "TEL" where !property.isOfKind("FAX") && phones.count < 50:
                phones.append((property.withoutScheme("tel:"), property.isPreferred))
            case "EMAIL" where emails.count < 50:
                emails.append((property.withoutScheme("mailto:"), property.isPreferred))
            case "ADR" where address == nil || property.isPreferred: address = property.parts
            case "NOTE": notes.append(property.text)
            case "CATEGORIES": tags += property.text.split(separator: ",").map(String.init)
            default: break
            }
        }

        var entry: ContactEntry {
            func preferredFirst(_ list: [(text: String, isPreferred: Bool)]) -> [String] {
                (list.filter(\.isPreferred) + list.filter { !$0.isPreferred }).map(\.text).filter {
                    !$0.cleaned().isEmpty
                }
            }
            let phones = preferredFirst(phones)
            let emails = preferredFirst(emails)
            func part(_ index: Int) -> String? { address.flatMap { index < $0.count ? $0[index] : nil } }
            let names = [name, structuredName, organization].compactMap { $0 }.filter { !$0.cleaned().isEmpty }
            let street = [part(2), part(1), part(0)].compactMap(\.self).filter { !$0.isEmpty }
            let draft = ContactDraft(
                fullName: names.first ?? "", phone: phones.first, email: emails.first,
                address: street.isEmpty ? nil : street.joined(separator: ", "), city: part(3), state: part(4),
                zip: part(5), notes: notes.isEmpty ? nil : notes.joined(separator: "\n"), tags: tags)
            return ContactEntry(
                line: line, draft: draft, otherPhones: Array(phones.dropFirst()), otherEmails: Array(emails.dropFirst())
            )
        }
    }
}

/// A content line of a vCard, with what versions before 4.0 have besides: groups, parameters without names, quoted-printable.
private struct VCardProperty {
    let name: String
    /// As written, escapes included.
    let value: String
    private let property: ContentProperty
    private let kinds: String

    /// - Parameter rest: the lines that follow, of which a quoted-printable value takes those that it goes on in.
    init?(_ line: ContentLine, rest: inout ArraySlice<ContentLine>, line number: inout Int) {
        guard let property = ContentProperty(line) else { return nil }
        self.property = property
        name = property.name.split(separator: ".").last.map(String.init) ?? property.name
        let unfolded = line.unfolded
        let end = ContentLine.endOfHead(unfolded) ?? 0
        kinds = String(decoding: unfolded[..<end], as: UTF8.self).uppercased()
        guard kinds.contains("QUOTED-PRINTABLE") else {
            value = property.value
            return
        }
        var octets = Array(unfolded[(end + 1)...])
        while octets.last == UInt8(ascii: "="), let next = rest.popFirst() {
            number += next.octets.count { $0 == ContentLine.newline }
            octets += [0x0D, 0x0A] + next.unfolded
        }
        value = Charset.decode(QuotedPrintable.decode(octets[...])[...], label: property["CHARSET"]).text
    }

    var text: String { ContentProperty.unescaped(value) }

    /// The parts of a structured value (RFC 6350, 3.3): `family;given;…`.
    var parts: [String] {
        var parts: [String] = [""]
        var isEscaped = false
        for character in value {
            if character == ";", !isEscaped {
                parts.append("")
            } else {
                parts[parts.count - 1].append(character)
            }
            isEscaped = character == "\\" && !isEscaped
        }
        return parts.prefix(16).map { ContentProperty.unescaped($0).cleaned() }
    }

    /// `TEL;TYPE=CELL`, and in 2.1 `TEL;CELL`.
    func isOfKind(_ kind: String) -> Bool { kinds.contains(kind) }

    var isPreferred: Bool { kinds.contains("PREF") }

    func withoutScheme(_ scheme: String) -> String {
        let text = text
        return text.lowercased().hasPrefix(scheme) ? String(text.dropFirst(scheme.count)) : text
    }
}
