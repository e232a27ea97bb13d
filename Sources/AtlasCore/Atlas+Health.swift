/// Looks at each part that is configured, for whoever runs Atlas. Nothing is sent, made or changed; `nil` is a part that is not configured.
extension Atlas {
    /// What the last answer over HTTP said of the time; nil before there was one.
    public var lastClockReport: HTTPClient.ClockReport? { opened.withLock { $0.http }?.lastClockReport }

    private var client: HTTPClient { opened.withLock { http(&$0) } }

    /// Logs in at the IMAP server and opens the configured mailbox to read.
    public func imapHealth(within limit: Duration) async throws -> PartHealth? {
        let account = try opened.withLock { opened in
            try MailServerAccount(imap: configuration, token: try mailToken(&opened))
        }
        guard let account else { return nil }
        var reader = IMAPReader(account, mailbox: configuration[.imapMailbox] ?? "INBOX")
        reader.patienceToConnect = limit
        do {
            let health = try await reader.health()
            await reader.close()
            return health
        } catch {
            await reader.close()
            throw error
        }
    }

    /// Logs in at the SMTP server and takes leave.
    public func smtpHealth(within limit: Duration) async throws -> PartHealth? {
        let account = try opened.withLock { opened in
            try MailServerAccount(smtp: configuration, token: try mailToken(&opened))
        }
        guard let account else { return nil }
        var health = try await SMTPSender(account: account).health(within: limit)
        if try MailSettings(configuration).defaultFrom == nil {
            health.warnings.append(
                "Nothing says who writes. Set \(ConfigurationKey.defaultFrom.name) to the business's address.")
        }
        return health
    }

    /// Gets a token for the Gmail API and asks whose mailbox it is.
    public func gmailHealth() async throws -> PartHealth? {
        guard let api = try opened.withLock({ try gmail(&$0) }) else { return nil }
        guard let address = try await api.read("/profile")?["emailAddress"]?.text else {
            throw api.google.service.garbled
        }
        return PartHealth(["the mailbox of \(address.cleaned().cutShort(at: 100))"])
    }

    /// Asks Resend for its domains.
    public func resendHealth() async throws -> PartHealth? {
        guard let key = configuration[.resendKey] else { return nil }
        let url = try configuration.baseURL(.resendURL) ?? "https://api.resend.com"
        let sender = try MailSettings(configuration).defaultFrom?.address
        return try await ResendSender(key: key, baseURL: url, http: client)
            .health(domain: sender?.split(separator: "@").last.map(String.init))
    }

    /// Finds the account's calendars, and the one that events go to. The calendar in the database is none to look at.
    public func calendarHealth() async throws -> PartHealth? {
        let isGoogle = try configuration.flag(.googleCalendarEnabled) ?? false
        guard configuration[.caldavURL] != nil || isGoogle else { return nil }
        let provider = try calendarProvider
        let found = try await provider.calendars()
        var used = found.first(where: \.primary)
        if used == nil, let caldav = provider as? CalDAVCalendars { used = try await caldav.named() }
        let setting = (provider.name == "caldav" ? ConfigurationKey.caldavCalendarURL : .googleCalendarID).name
        let title = provider.name == "caldav" ? "CalDAV" : "Google"
        guard let used else {
            throw AtlasError(.notConfigured, "\(title) has no calendar for events. Set \(setting) to one.")
        }
        let name = "“\(used.name.cleaned().cutShort(at: 80))”"
        var health = PartHealth([
            "\(title) has \(found.count == 1 ? "one calendar" : "\(found.count) calendars")", "events go to \(name)",
        ])
        if used.readOnly {
            health.warnings.append(
                "The calendar \(name) can only be read, so no event can be made. Let its owner share it with the right to change it, or set \(setting) to another."
            )
        }
        return health
    }

    /// Asks the telephone company for the account and the business's number.
    public func telephonyHealth() async throws -> PartHealth? {
        let keys: [ConfigurationKey] = [
            .commsProvider, .twilioAccountSID, .twilioAuthToken, .signalWireProjectID, .signalWireToken,
        ]
        guard keys.contains(where: { configuration[$0] != nil }) else { return nil }
        let account = try TelephonyAccount(configuration)
        let own = try TelephonySettings(configuration, region: try region.name).ownNumber
        return try await TwilioAPI(account: account, http: client).health(own: own)
    }

    /// Asks the speech recognition for a sign of life.
    public func speechHealth() async throws -> PartHealth? {
        return try await transcriber(client)?.health()
    }

    /// Asks the language model's service which models it has.
    public func modelHealth() async throws -> PartHealth? {
        return try await extractor(client)?.health()
    }

    /// What is wrong with settings that need no service to be judged: limits, hours, addresses, switches.
    public func settingsProblems() -> [AtlasError] {
        var problems: [AtlasError] = []
        func look(_ body: () throws -> Void) {
            do { try body() } catch let error as AtlasError {
                if !problems.contains(error) { problems.append(error) }
            } catch {}
        }
        look { _ = try region }
        look { _ = try DatabaseOptions(configuration) }
        look { _ = try TelephonyPolicy(configuration) }
        look { _ = try TelephonySettings(configuration, region: try region.name) }
        look { _ = try MailSettings(configuration) }
        look { _ = try BookingPolicy(configuration) }
        for key in [
            ConfigurationKey.readOnly, .audit, .recordCalls, .callIntelligence, .googleCalendarEnabled,
            .databasePrepared,
        ] {
            look { _ = try configuration.flag(key) }
        }
        for (key, range) in [
            (ConfigurationKey.rateLimit, 0...1_000_000), (.shortestCall, 0...86_400), (.asrTimeout, 1...3600),
            (.llmTimeout, 1...3600),
        ] {
            look { _ = try configuration.integer(key, in: range) }
        }
        return problems
    }
}
