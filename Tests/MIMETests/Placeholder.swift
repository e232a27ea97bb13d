import MIME
import Testing

@Test("A recipient that is named twice gets one message")
func recipientsAreCountedOnce() {
    var mail = OutgoingMail(
        from: MailAddress(address: "a@example.com"), subject: "", text: "", date: .init(timeIntervalSince1970: 0),
        utcOffset: 0,
        messageID: "1@example.com")
    mail.to = [MailAddress(address: "b@example.com")]
    mail.bcc = [MailAddress(address: "B@example.com")]
    #expect(mail.recipients == ["b@example.com"])
}
