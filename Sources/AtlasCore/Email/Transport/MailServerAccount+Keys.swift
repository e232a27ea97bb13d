extension MailServerAccount {
    /// How messages call the server: `IMAP (imap.example.com:993)`.
    var server: String { "\(name) (\(host.cleaned().cutShort(at: 100)):\(port))" }
}

extension MailServerAccount.Kind {
    /// The variables that describe a server of this kind.
    var host: ConfigurationKey { self == .imap ? .imapHost : .smtpHost }
    var port: ConfigurationKey { self == .imap ? .imapPort : .smtpPort }
    var username: ConfigurationKey { self == .imap ? .imapUsername : .smtpUsername }
    var password: ConfigurationKey { self == .imap ? .imapPassword : .smtpPassword }
    var security: ConfigurationKey { self == .imap ? .imapSSL : .smtpSecurity }
}
