import MIME

extension Atlas {
    /// The business's mail, as it is read.
    ///
    /// What is wrong with an account is told when it is asked for mail, and keeps nobody from the others.
    ///
    /// - Throws: ``AtlasError`` `not_configured` when `ATLAS_TIMEZONE` names no zone.
    public var inbox: Inbox {
        get throws {
            let time = try time
            return opened.withLock { opened in
                if let inbox = opened.inbox { return inbox }
                let inbox = Inbox(
                    ways: [imap(&opened), gmailReader(&opened)].compactMap(\.self), time: time,
                    attachmentFolder: home.path + "/attachments", logger: logger)
                opened.inbox = inbox
                return inbox
            }
        }
    }

    /// What the business writes.
    ///
    /// - Parameter renderer: fills its letters' templates.
    /// - Throws: ``AtlasError`` `not_configured` that names the variables which are wrong.
    public func mailer(_ renderer: any TemplateRenderer) throws -> Mailer {
        let (inbox, time) = (try inbox, try time)
        return try opened.withLock { opened in
            if let mailer = opened.mailer { return mailer }
            let mailer = Mailer(
                senders: [smtp(&opened), gmailSender(&opened), resend(&opened)].compactMap(\.self),
                outbox: Outbox(
                    database: try database(&opened), businessContextID: configuration[.businessContext], logger: logger,
                    changed: contactChanged),
                time: time, settings: try MailSettings(configuration), renderer: renderer,
                replied: { try await inbox.answered($0) }, saveSent: { try await inbox.saveSent($0) }, logger: logger)
            opened.mailer = mailer
            return mailer
        }
    }

    // MARK: Reading

    private func imap(_ opened: inout Opened) -> Inbox.Way? {
        do {
            let token = try mailToken(&opened)
            guard let account = try MailServerAccount(imap: configuration, token: token) else { return nil }
            let reader = IMAPReader(account, mailbox: configuration[.imapMailbox] ?? "INBOX")
            return Inbox.Way(name: "imap", reader: .success(reader))
        } catch {
            return Inbox.Way(name: "imap", reader: .failure(error))
        }
    }

    private func gmailReader(_ opened: inout Opened) -> Inbox.Way? {
        do {
            guard let api = try gmail(&opened) else { return nil }
            return Inbox.Way(name: "gmail", reader: .success(GmailReader(api: api)))
        } catch {
            return Inbox.Way(name: "gmail", reader: .failure(error))
        }
    }

    // MARK: Sending

    private func smtp(_ opened: inout Opened) -> (any MailSender)? {
        do {
            let token = try mailToken(&opened)
            return try MailServerAccount(smtp: configuration, token: token).map { SMTPSender(account: $0) }
        } catch {
            return UnusableSender(name: "smtp", error: error)
        }
    }

    private func gmailSender(_ opened: inout Opened) -> (any MailSender)? {
        do {
            return try gmail(&opened).map { GmailSender(api: $0) }
        } catch {
            return UnusableSender(name: "gmail", error: error)
        }
    }

    private func resend(_ opened: inout Opened) -> (any MailSender)? {
        guard let key = configuration[.resendKey] else { return nil }
        do {
            let url = try configuration.baseURL(.resendURL) ?? "https://api.resend.com"
            return ResendSender(key: key, baseURL: url, http: http(&opened))
        } catch {
            return UnusableSender(name: "resend", error: error)
        }
    }

    // MARK: Tokens

    /// nil when nothing of it is set.
    func gmail(_ opened: inout Opened) throws(AtlasError) -> GmailAPI? {
        let keys: [ConfigurationKey] = [.gmailClientID, .gmailClientSecret, .gmailRefreshToken]
        guard keys.contains(where: { configuration[$0] != nil }) else { return nil }
        if let api = opened.gmail { return api }
        let account = try configuration.oauthAccount("Google", keys, url: .googleTokenURL)
        let token = OAuthToken(account, http: http(&opened))
        let url = try configuration.baseURL(.gmailURL) ?? "https://gmail.googleapis.com"
        let api = GmailAPI(baseURL: url, token: token, http: http(&opened))
        opened.gmail = api
        return api
    }

    /// Tokens for IMAP and SMTP servers; nil when the settings know of none.
    func mailToken(_ opened: inout Opened) throws(AtlasError) -> MailServerAccount.TokenSource? {
        if let token = configuration[.oauthAccessToken] {
            return { isRenewed in
                guard isRenewed else { return token }
                throw AtlasError(
                    .unauthenticated,
                    "\(ConfigurationKey.oauthAccessToken.name) was refused: it has expired or is for another account. Set a new one, or "
                        + "a refresh token in \(ConfigurationKey.oauthRefreshToken.name).")
            }
        }
        guard configuration[.oauthRefreshToken] != nil else { return nil }
        if let token = opened.mailToken { return { try await token.token(renewed: $0) } }
        let account = try configuration.oauthAccount(
            "The mail account", [.oauthClientID, .oauthClientSecret, .oauthRefreshToken], url: .oauthTokenURL)
        let token = OAuthToken(account, http: http(&opened))
        opened.mailToken = token
        return { try await token.token(renewed: $0) }
    }
}

/// A way for mail to leave that is set up wrongly: it says so when its turn comes, and the next one is asked.
private struct UnusableSender: MailSender {
    let name: String
    let error: AtlasError

    func send(_ message: OutgoingMail, idempotencyKey: String) async throws -> MailReceipt { throw error }
}
