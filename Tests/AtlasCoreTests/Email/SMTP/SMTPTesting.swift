import Foundation
import JSON
import MIME
import TestSupport

@testable import AtlasCore

extension MailServerAccount {
    /// An account at a double.
    static func smtp(
        at server: SMTPServer, _ security: Security = .none, host: String = "localhost",
        _ credentials: Credentials = .none
    ) -> MailServerAccount {
        MailServerAccount(
            kind: .smtp, host: host, port: security == .tls ? server.tlsPort : server.port, security: security,
            credentials: credentials, caFile: server.caFile)
    }
}

extension SMTPTimeouts {
    /// For tests of what never comes.
    static let short = SMTPTimeouts(
        connect: .seconds(1), command: .seconds(1), beforeDot: .seconds(4), completion: .seconds(1), whole: .seconds(8),
        farewell: .milliseconds(300))
}

/// How a sending ended, as callers can tell it apart.
enum SendingOutcome: Equatable {
    case sent(accepted: [String], rejected: [String])
    /// Nothing was accepted: another provider may be asked.
    case elsewhere(AtlasError.Code)
    case rejected(AtlasError.Code)
    case uncertain
    case cancelled
    case other(String)
}

struct Sending {
    let outcome: SendingOutcome
    let receipt: MailReceipt?
    let error: AtlasError?

    init(_ mail: OutgoingMail, by sender: SMTPSender) async {
        do {
            let receipt = try await TestDatabase.workers.run { try await sender.send(mail, idempotencyKey: "key") }
            self.init(.sent(accepted: receipt.accepted, rejected: receipt.rejected.map(\.address)), receipt: receipt)
        } catch let error as AtlasError {
            self.init(.elsewhere(error.code), error: error)
        } catch let rejection as MailRejection {
            self.init(.rejected(rejection.error.code), error: rejection.error)
        } catch let uncertain as UncertainOutcome {
            self.init(.uncertain, error: uncertain.error)
        } catch is CancellationError {
            self.init(.cancelled)
        } catch {
            self.init(.other("\(error)"))
        }
    }

    private init(_ outcome: SendingOutcome, receipt: MailReceipt? = nil, error: AtlasError? = nil) {
        self.outcome = outcome
        self.receipt = receipt
        self.error = error
    }
}

extension OutgoingMail {
    static func letter(to recipients: [String] = ["paul@example.org"], text: String = "Good morning\n") -> OutgoingMail
    {
        var mail = OutgoingMail(
            from: MailAddress(name: "Maria", address: "maria@example.com"), subject: "Grüße", text: text,
            date: Date(timeIntervalSince1970: 1_795_532_400), utcOffset: 0, messageID: "1@example.com")
        mail.to = recipients.map { MailAddress(address: $0) }
        return mail
    }
}
