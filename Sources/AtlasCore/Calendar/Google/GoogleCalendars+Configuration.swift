extension GoogleCalendars {
    /// The account that the settings name: a service account before a person's.
    ///
    /// - Throws: ``AtlasError`` `not_configured` that names what is missing or wrong.
    init(_ configuration: Configuration, time: BusinessTime, http: HTTPClient) throws(AtlasError) {
        let account: OAuthAccount
        let person: [ConfigurationKey] = [
            .googleCalendarClientID, .googleCalendarClientSecret, .googleCalendarRefreshToken,
        ]
        let service: GoogleService
        var email: String?
        if let file = configuration[.googleServiceAccountFile] {
            let own = try ServiceAccount(file: file, setting: ConfigurationKey.googleServiceAccountFile.name)
            let grant = ServiceAccountGrant(
                account: own, scope: Self.scope, subject: configuration[.googleServiceAccountSubject],
                file: .googleServiceAccountFile, subjectKey: .googleServiceAccountSubject)
            account = OAuthAccount(
                tokenURL: try configuration.baseURL(.googleTokenURL) ?? own.tokenURL, grant: grant, service: "Google",
                tokenURLName: ConfigurationKey.googleTokenURL.name)
            service = .calendar(
                project: .googleServiceAccountFile,
                remedy:
                    "check \(ConfigurationKey.googleServiceAccountFile.name), and what the domain's administrator allows the account"
            )
            email = grant.subject == nil ? own.email : nil
        } else if person.contains(where: { configuration[$0] != nil }) {
            account = try configuration.oauthAccount("Google Calendar", person, url: .googleTokenURL)
            service = .calendar(
                project: .googleCalendarClientID,
                remedy: "authorise again and set \(ConfigurationKey.googleCalendarRefreshToken.name)")
        } else {
            throw AtlasError(
                .notConfigured,
                "Google Calendar needs \(person.map(\.name).joined(separator: ", ")), or a service account in \(ConfigurationKey.googleServiceAccountFile.name)."
            )
        }
        let url = try configuration.baseURL(.googleCalendarURL) ?? "https://www.googleapis.com"
        let calendar = configuration[.googleCalendarID] ?? "primary"
        guard calendar.utf8.count <= 254, calendar.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }),
            calendar.contains(where: { $0 != "." })
        else {
            throw AtlasError(.notConfigured, "\(ConfigurationKey.googleCalendarID.name) is no id of a calendar.")
        }
        self.init(
            api: GoogleAPI(service, baseURL: url, token: OAuthToken(account, http: http), http: http), time: time,
            defaultCalendar: calendar, serviceAccount: email)
    }
}

extension GoogleService {
    static func calendar(project: ConfigurationKey, remedy: String) -> GoogleService {
        let readOnly = AtlasError(
            .permissionDenied,
            "Google does not let this account do that: the calendar's owner must share it with the right to make changes to events."
        )
        return GoogleService(
            name: "Google Calendar", url: .googleCalendarURL, project: project, remedy: remedy,
            refusals: [
                "requiredAccessLevel": readOnly, "forbidden": readOnly,
                "forbiddenForNonOrganizer": AtlasError(
                    .permissionDenied, "Only the organizer of that event may change this of it."),
                "forbiddenForServiceAccounts": AtlasError(
                    .permissionDenied,
                    "A service account invites nobody on its own behalf: name a user it acts for in \(ConfigurationKey.googleServiceAccountSubject.name), or leave the attendees out.",
                    parameter: "attendees"),
            ])
    }
}
