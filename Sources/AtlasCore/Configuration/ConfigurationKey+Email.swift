extension ConfigurationKey {
    // MARK: E-mail

    public static let imapHost = Self("ATLAS_EMAIL_IMAP_HOST", .email, "The IMAP server that mail is read from.")
    public static let imapPort = Self(
        "ATLAS_EMAIL_IMAP_PORT", .email, "Its port.", fallback: "993, or 143 with STARTTLS")
    public static let imapUsername = Self("ATLAS_EMAIL_IMAP_USERNAME", .email, "The user to log in as.")
    public static let imapPassword = Self(
        "ATLAS_EMAIL_IMAP_PASSWORD", .email, "That user's password; for Gmail, Yahoo and iCloud an app password.",
        isSecret: true)
    public static let imapSSL = Self(
        "ATLAS_EMAIL_IMAP_SSL", .email,
        "1 (or tls) for TLS from the start, 0 (or starttls) for STARTTLS, none for a server on this machine only.",
        fallback: "1")
    public static let imapMailbox = Self(
        "ATLAS_EMAIL_IMAP_MAILBOX", .email, "The mailbox that is read when a tool names none.", fallback: "INBOX")
    public static let smtpHost = Self("ATLAS_EMAIL_SMTP_HOST", .email, "The SMTP server that mail is handed to.")
    public static let smtpPort = Self(
        "ATLAS_EMAIL_SMTP_PORT", .email, "Its port.", fallback: "587, or 465 with TLS from the start")
    public static let smtpUsername = Self(
        "ATLAS_EMAIL_SMTP_USERNAME", .email, "The user to log in as.", fallback: "no log-in")
    public static let smtpPassword = Self(
        "ATLAS_EMAIL_SMTP_PASSWORD", .email, "That user's password.", isSecret: true)
    public static let smtpSecurity = Self(
        "ATLAS_EMAIL_SMTP_SECURITY", .email, "tls, starttls, or none for a server on this machine only.",
        fallback: "starttls, or tls on port 465")
    public static let oauthTokenURL = Self(
        "ATLAS_EMAIL_OAUTH_TOKEN_URL", .email,
        "Where access tokens for IMAP and SMTP (XOAUTH2) come from, for an account without password.",
        fallback: "Google's")
    public static let oauthClientID = Self("ATLAS_EMAIL_OAUTH_CLIENT_ID", .email, "The OAuth client's id there.")
    public static let oauthClientSecret = Self(
        "ATLAS_EMAIL_OAUTH_CLIENT_SECRET", .email, "The OAuth client's secret.", isSecret: true)
    public static let oauthRefreshToken = Self(
        "ATLAS_EMAIL_OAUTH_REFRESH_TOKEN", .email, "The refresh token for the account.", isSecret: true)
    public static let oauthAccessToken = Self(
        "ATLAS_EMAIL_OAUTH_ACCESS_TOKEN", .email, "An access token from elsewhere, instead of a refresh token.",
        isSecret: true)
    public static let defaultFrom = Self(
        "ATLAS_EMAIL_DEFAULT_FROM", .email, "Who writes when a tool names nobody: an address, or Name <address>.",
        fallback: "the SMTP user, where that is an address")
    public static let allowedSenders = Self(
        "ATLAS_EMAIL_ALLOWED_FROM", .email,
        "Who else may be named as the sender: addresses, or domains like @example.com, separated by commas.",
        fallback: "only the default sender")
    public static let resendKey = Self(
        "ATLAS_EMAIL_API_KEY", .email, "The API key of Resend, which sends where SMTP and Gmail do not.", isSecret: true
    )
    public static let resendURL = Self(
        "ATLAS_RESEND_URL", .email, "Where Resend's API is.", fallback: "https://api.resend.com")
    public static let gmailClientID = Self(
        "ATLAS_TOOLS_GMAIL_CLIENT_ID", .email, "The OAuth client's id for the Gmail API.")
    public static let gmailClientSecret = Self(
        "ATLAS_TOOLS_GMAIL_CLIENT_SECRET", .email, "The OAuth client's secret for the Gmail API.", isSecret: true)
    public static let gmailRefreshToken = Self(
        "ATLAS_TOOLS_GMAIL_REFRESH_TOKEN", .email, "The refresh token for the Gmail account.", isSecret: true)
    public static let gmailURL = Self(
        "ATLAS_GMAIL_URL", .email, "Where the Gmail API is.", fallback: "https://gmail.googleapis.com")
    public static let googleTokenURL = Self(
        "ATLAS_GOOGLE_TOKEN_URL", .email, "Where Google gives access tokens.",
        fallback: "https://oauth2.googleapis.com/token")
    public static let proposalsDirs = Self(
        "ATLAS_EMAIL_PROPOSALS_DIRS", .email,
        "Folders where send_proposal finds a client's PDF, separated by commas.", fallback: "none is attached")
    public static let attachmentDirs = Self(
        "ATLAS_EMAIL_ATTACHMENT_WHITELIST_DIRS", .email,
        "Folders whose files may be attached, separated by commas.", fallback: "nothing can be attached")
    public static let largestAttachment = Self(
        "ATLAS_EMAIL_MAX_ATTACHMENT_SIZE_MB", .email,
        "Megabytes that the attachments of one message may have together.",
        fallback: "10")
    public static let mostRecipients = Self(
        "ATLAS_EMAIL_MAX_RECIPIENTS", .email, "The most recipients of one message.", fallback: "20")
    public static let allowedRecipients = Self(
        "ATLAS_EMAIL_ALLOWED_RECIPIENTS", .email,
        "Whom mail may go to: addresses, or domains like @example.com, separated by commas.", fallback: "everybody")
    public static let blockedRecipients = Self(
        "ATLAS_EMAIL_BLOCKED_RECIPIENTS", .email,
        "Whom mail never goes to: addresses, or domains like @example.com, separated by commas.", fallback: "nobody")
    public static let dailyEmailLimit = Self(
        "ATLAS_EMAIL_DAILY_LIMIT", .email, "The most messages sent on one day of the business.", fallback: "any number")
    public static let templatesDir = Self(
        "ATLAS_EMAIL_TEMPLATES_DIR", .email,
        "A folder of Mustache templates that take the place of the built-in ones of the same name.",
        fallback: "the built-in ones")

    static let email: [ConfigurationKey] = [
        imapHost, imapPort, imapUsername, imapPassword, imapSSL, imapMailbox, smtpHost, smtpPort, smtpUsername,
        smtpPassword, smtpSecurity, oauthTokenURL, oauthClientID, oauthClientSecret, oauthRefreshToken,
        oauthAccessToken, defaultFrom, allowedSenders, gmailClientID, gmailClientSecret, gmailRefreshToken, gmailURL,
        googleTokenURL, resendKey, resendURL, proposalsDirs, attachmentDirs, largestAttachment, mostRecipients,
        allowedRecipients, blockedRecipients, dailyEmailLimit, templatesDir,
    ]

    // MARK: What the business says of itself

    public static let businessName = Self(
        "ATLAS_BUSINESS_NAME", .business, "The business's name, as its letters are signed.")
    public static let businessPhone = Self("ATLAS_BUSINESS_PHONE", .business, "The phone number in its letters.")
    public static let businessEmail = Self(
        "ATLAS_BUSINESS_EMAIL", .business, "The e-mail address in its letters.", fallback: "the sender's")
    public static let businessAddress = Self("ATLAS_BUSINESS_ADDRESS", .business, "The postal address in its letters.")
    public static let businessWebsite = Self("ATLAS_BUSINESS_WEBSITE", .business, "The website in its letters.")
    public static let businessCurrency = Self(
        "ATLAS_BUSINESS_CURRENCY", .business,
        "What stands before an amount in its letters: a sign like €, or a code like CHF.",
        fallback: "$")

    static let businessDetails: [ConfigurationKey] = [
        businessName, businessPhone, businessEmail, businessAddress, businessWebsite, businessCurrency,
    ]
}
