import ArgumentParser
import AtlasCore

/// A part of Atlas that can be looked at by itself.
enum DoctorPart: String, CaseIterable, Sendable {
    case configuration, zone, approval, home, libraries, database
    case imap, smtp, gmail, resend, calendar, telephony, speech, model
    /// After the others: they hear what time it is elsewhere.
    case clock

    /// How it begins a sentence.
    var title: String {
        switch self {
        case .configuration: "The configuration"
        case .zone: "The zone data"
        case .approval: "The approval policy"
        case .home: "The folder of ATLAS_HOME"
        case .libraries: "A library"
        case .database: "The database"
        case .imap: "The IMAP server"
        case .smtp: "The SMTP server"
        case .gmail: "Gmail"
        case .resend: "Resend"
        case .calendar: "The calendar"
        case .telephony: "The telephone company"
        case .speech: "The speech recognition"
        case .model: "The language model"
        case .clock: "The clock"
        }
    }

    /// The settings that say where it is, for errors that name none.
    func keys(_ configuration: Configuration) -> [ConfigurationKey] {
        switch self {
        case .configuration: [.configurationFile]
        case .zone: [.timeZone]
        case .approval: [.approval]
        case .home: [.home]
        case .libraries, .clock: []
        case .database: [.databaseURL, .databaseSocket, .databaseHost]
        case .imap: [.imapHost]
        case .smtp: [.smtpHost]
        case .gmail: [.gmailURL, .googleTokenURL]
        case .resend: [.resendURL]
        case .calendar: configuration[.caldavURL] == nil ? [.googleCalendarURL, .googleTokenURL] : [.caldavURL]
        case .telephony: [.twilioBaseURL, .signalWireBaseURL, .signalWireSpace]
        case .speech: [.asrURL]
        case .model: [.llmURL]
        }
    }

    /// What is set to have it; blank for what is always there.
    var isUnset: String {
        switch self {
        case .imap: "set \(ConfigurationKey.imapHost.name) to read mail by IMAP"
        case .smtp: "set \(ConfigurationKey.smtpHost.name) to send mail by SMTP"
        case .gmail: "set \(ConfigurationKey.gmailRefreshToken.name) to read and send by the Gmail API"
        case .resend: "set \(ConfigurationKey.resendKey.name) to send by Resend"
        case .calendar: "events are kept in the database; set \(ConfigurationKey.caldavURL.name) for a CalDAV server"
        case .telephony: "set \(ConfigurationKey.twilioAccountSID.name) to call and to send messages"
        case .speech: "set \(ConfigurationKey.asrURL.name) to have recordings transcribed"
        case .model: "set \(ConfigurationKey.llmURL.name) to have transcripts understood by a model"
        default: ""
        }
    }

    /// Names for several at once.
    static let groups: [(name: String, parts: [DoctorPart])] = [
        ("mail", [.imap, .smtp, .gmail, .resend]), ("calls", [.telephony, .speech, .model]),
    ]

    /// The parts that are named, separated by commas, in their own order; all without a name.
    ///
    /// - Throws: `ValidationError` that says what is meant perhaps.
    static func selected(_ text: String?) throws -> [DoctorPart] {
        guard let text else { return allCases }
        var chosen: Set<DoctorPart> = []
        for word in text.split(separator: ",").map({ String($0).trimmed.lowercased() }) where !word.isEmpty {
            if let part = DoctorPart(rawValue: word) {
                chosen.insert(part)
            } else if let group = groups.first(where: { $0.name == word }) {
                chosen.formUnion(group.parts)
            } else {
                let names = allCases.map(\.rawValue) + groups.map(\.name)
                let near = NearName.closest(to: word, among: names).first.map { " Did you mean \($0)?" } ?? ""
                throw ValidationError(
                    "--only knows no \(word.cleaned().prefix(40)).\(near) There are \(names.joined(separator: ", ")).")
            }
        }
        guard !chosen.isEmpty else { throw ValidationError("--only must name a part, like database,mail.") }
        return allCases.filter(chosen.contains)
    }
}
