import Foundation
import MIME

/// A message to begin a test with.
func letter(subject: String = "Hello", text: String = "Good morning\n") -> OutgoingMail {
    var mail = OutgoingMail(
        from: MailAddress(name: "Maria Gonzalez", address: "maria@example.com"), subject: subject, text: text,
        date: Date(timeIntervalSince1970: 1_795_532_400), utcOffset: -6 * 3600, messageID: "1.atlas@example.com")
    mail.to = [MailAddress(address: "paul@example.org")]
    return mail
}

func lines(_ octets: [UInt8]) -> [String] {
    String(decoding: octets, as: UTF8.self).split(separator: "\r\n", omittingEmptySubsequences: false).map(String.init)
}

/// What every message must be: lines that end with CRLF, at most 998 octets each, seven bits without NUL.
func isTransmittable(_ octets: [UInt8]) -> Bool {
    var length = 0
    for (index, octet) in octets.enumerated() {
        switch octet {
        case 0x0D:
            guard index + 1 < octets.count, octets[index + 1] == 0x0A else { return false }
        case 0x0A:
            guard index > 0, octets[index - 1] == 0x0D else { return false }
            length = 0
        case 0, 0x80...: return false
        default: length += 1
        }
        if length > 998 { return false }
    }
    return octets.last == 0x0A
}

/// The header's lines, folded as they are.
func headerLines(_ octets: [UInt8]) -> [String] { Array(lines(octets).prefix { !$0.isEmpty }) }

/// How text arrives: lines that end with CRLF, the last one too.
func arrived(_ text: String) -> String {
    var octets: [UInt8] = []
    var previous: UInt8 = 0
    for octet in text.utf8 {
        if octet == 0x0A, previous == 0x0D { previous = octet; continue }
        octets += octet == 0x0A || octet == 0x0D ? [0x0D, 0x0A] : [octet]
        previous = octet
    }
    if octets.last != 0x0A { octets += [0x0D, 0x0A] }
    return String(decoding: octets, as: UTF8.self)
}
