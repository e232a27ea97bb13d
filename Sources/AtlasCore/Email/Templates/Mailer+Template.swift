import JSON

extension Mailer {
    /// Makes a letter from its templates.
    ///
    /// - Parameters:
    ///   - kind: what the names of its templates begin with.
    ///   - title: what it is, for the history.
    func made(
        _ kind: String, _ template: LetterTemplate, for clientType: ClientType, to: [String], title: String,
        values: [(String, String?)], hasPDF: Bool = false
    ) throws -> Letter {
        try made(
            "\(kind)_\(clientType.rawValue)", template, to: to, title: title, values: values, hasPDF: hasPDF)
    }

    /// As above, of the templates of that whole name.
    func made(
        _ name: String, _ template: LetterTemplate, to: [String], title: String, values given: [(String, String?)],
        hasPDF: Bool = false
    ) throws -> Letter {
        let recipients = Recipients(to: try AddressArgument.read(to, parameter: "to"))
        let from = try settings.sender(nil)
        var values = try settings.business.values(sender: from.address)
        for (name, value) in given {
            if let value { values[name] = .string(value) }
        }
        values["has_pdf"] = .bool(hasPDF)
        let filled = try settings.templates.letter(name, values: values, renderer: renderer)
        guard let subject = try LetterRequest.subject(filled.subject), !filled.text.trimmed.isEmpty else {
            throw AtlasError(
                .notConfigured,
                "The template \(name) in \(ConfigurationKey.templatesDir.name) gives no subject or no text.")
        }
        var letter = Letter(from: from, recipients: recipients, subject: subject, text: filled.text, html: filled.html)
        letter.template = template
        letter.made = Letter.Made(template: name, title: title)
        return letter
    }
}
