import Foundation
import MIME

/// A message from text whose lines end as the test's do.
func message(_ text: String) -> MailMessage { MailMessage(parsing: Array(text.utf8)) }

/// The same with the line ends of the wire.
func wire(_ text: String) -> String { text.replacingOccurrences(of: "\n", with: "\r\n") }

func header(_ text: String) -> MailHeader { MailHeader(parsing: Array(text.utf8)[...]) }

/// What a Subject of these octets says.
func subject(_ octets: [UInt8]) -> String? { MailHeader(parsing: (Array("Subject: ".utf8) + octets)[...]).subject }

/// The sections with their types: `1 text/plain`.
func outline(_ message: MailMessage) -> [String] {
    message.root.allParts.map { "\($0.section) \($0.contentType.mediaType)" }
}

extension MailMessage {
    func part(_ section: String) -> MIMEPart? { root.allParts.first { $0.section == section } }
    func text(_ section: String) -> String? { part(section)?.decodedText().text }
}

let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
