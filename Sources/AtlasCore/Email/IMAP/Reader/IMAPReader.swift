/// Mail read over IMAP (RFC 3501), from any server that speaks it.
///
/// Mailboxes are opened with EXAMINE and contents fetched with PEEK, so that reading marks nothing; SELECT is for what changes
/// something. No state of messages is kept between calls: CONDSTORE (RFC 7162) would save little, since a page of a list costs one
/// FETCH of what is shown, and a cache that must be checked costs a round trip as well. THREAD (RFC 5256) is not used either: it
/// lays out a whole mailbox, and knows one mailbox only, where an answer lies in another.
struct IMAPReader: MailReader {
    let name = "imap"
    /// What is read when nobody names a mailbox.
    let mailbox: String
    let connections: IMAPConnections
    let directory: MailboxDirectory

    init(_ account: MailServerAccount, mailbox: String = "INBOX") {
        self.mailbox = mailbox
        connections = IMAPConnections(account)
        directory = MailboxDirectory()
    }

    var account: MailServerAccount { connections.account }

    func close() async { await connections.close() }

    /// For names, TLS, and log-in.
    var patienceToConnect = Duration.seconds(20)

    /// Lends a session to `body`, and does it again with a new one when a kept one turns out to be dead.
    ///
    /// - Parameters:
    ///   - mailbox: whose session is wanted, as the server writes it; nil for any.
    ///   - isChange: whether `body` changes something, so that it must not run twice: a kept session is tried first then.
    func with<R: Sendable>(
        _ mailbox: String?, isChange: Bool = false, _ body: (IMAPSession) async throws -> R
    ) async throws -> R {
        while true {
            let session = try await connections.lend(for: mailbox, timeout: patienceToConnect)
            let mayBeDead = session.isOld
            var hasBegun = false
            do {
                if isChange, mayBeDead { _ = try await session.run(IMAPCommand("NOOP")) }
                hasBegun = true
                let result = try await body(session)
                connections.takeBack(session, for: mailbox)
                return result
            } catch let failure as IMAPFailure {
                guard failure.endsConnection else {
                    connections.takeBack(session, for: mailbox)
                    throw failure.error(account)
                }
                session.close()
                connections.end(mailbox)
                let mayHaveActed = isChange && hasBegun
                if mayBeDead, failure.isLoss, !mayHaveActed { continue }
                throw failure.error(account, mayHaveActed: mayHaveActed)
            } catch let error as AtlasError {
                connections.takeBack(session, for: mailbox)
                throw error
            } catch {
                session.close()
                connections.end(mailbox)
                throw error
            }
        }
    }
}

extension IMAPFailure {
    /// Whether the connection ended as one does that was at rest too long.
    fileprivate var isLoss: Bool {
        switch self {
        case .lost, .bye: true
        default: false
        }
    }
}
