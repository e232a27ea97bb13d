import Testing

@testable import MIME

@Suite("Invitations and reports")
struct InvitationTests {
    static let request = """
        BEGIN:VCALENDAR\r
        METHOD:REQUEST\r
        BEGIN:VTIMEZONE\r
        TZID:America/Chicago\r
        BEGIN:STANDARD\r
        DTSTART:20071104T020000\r
        END:STANDARD\r
        END:VTIMEZONE\r
        BEGIN:VEVENT\r
        DTSTART;TZID=America/Chicago:20261124T090000\r
        DTEND;TZID=America/Chicago:20261124T103000\r
        SUMMARY:Deep clean\\, 2nd floor\\; ki\r
         tchen\r
        LOCATION:12 Main St\\nSuite 5\r
        ORGANIZER;CN="Smith, Bob":mailto:bob@example.com\r
        ATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:ann@example.com\r
        ATTENDEE;CN=Eve:MAILTO:eve@example.com\r
        DESCRIPTION:Bring keys.\\nThanks\r
        RRULE:FREQ=WEEKLY;COUNT=4\r
        STATUS:CONFIRMED\r
        BEGIN:VALARM\r
        DESCRIPTION:REMINDER\r
        SUMMARY:No\r
        END:VALARM\r
        END:VEVENT\r
        END:VCALENDAR\r

        """

    @Test("An invitation is told in a few lines")
    func invitation() {
        #expect(
            Invitation.summary(of: Self.request, method: nil, withDescription: true) == """
                Calendar invitation
                What: Deep clean, 2nd floor; kitchen
                When: 2026-11-24 09:00–10:30 (America/Chicago)
                Repeats: FREQ=WEEKLY;COUNT=4
                Where: 12 Main St Suite 5
                Organizer: Smith, Bob <bob@example.com>
                Attendees: 2
                Status: confirmed

                Bring keys.
                Thanks
                """)
    }

    @Test(
        "Times are told as they are written",
        arguments: [
            ("DTSTART;VALUE=DATE:20261231\nDTEND;VALUE=DATE:20270101", "2026-12-31 (all day)"),
            ("DTSTART;VALUE=DATE:20240228\nDTEND;VALUE=DATE:20240301", "2024-02-28 to 2024-02-29 (all day)"),
            ("DTSTART:20261124T150000Z\nDTEND:20261124T160000Z", "2026-11-24 15:00–16:00 (UTC)"),
            ("DTSTART:20261124T220000\nDTEND:20261125T020000", "2026-11-24 22:00 to 2026-11-25 02:00"),
            (
                "DTSTART;TZID=A/B:20261124T090000\nDTEND;TZID=C/D:20261124T100000",
                "2026-11-24 09:00 to 2026-11-24 10:00 (C/D) (A/B)"
            ),
            ("DTSTART:20261124T090000", "2026-11-24 09:00"),
        ])
    func times(_ lines: String, _ expected: String) {
        let text = "BEGIN:VEVENT\n\(lines)\nEND:VEVENT"
        #expect(
            Invitation.summary(of: text, method: "PUBLISH", withDescription: false)
                == "Calendar event\nWhen: \(expected)")
    }

    @Test("Cancellations and answers say so")
    func methods() {
        let event =
            "BEGIN:VEVENT\nSUMMARY:X\nATTENDEE;CN=Ann;PARTSTAT=DECLINED:mailto:ann@example.com\nCOMMENT:Ill\nEND:VEVENT"
        #expect(
            Invitation.summary(of: event, method: "cancel", withDescription: false)
                == "Calendar event, cancelled\nWhat: X\nAttendees: 1\nComment: Ill")
        #expect(
            Invitation.summary(of: "METHOD:REPLY\n\(event)", method: nil, withDescription: false)
                == "Answer to a calendar invitation\nWhat: X\nAnswer of Ann <ann@example.com>: declined\nComment: Ill")
    }

    @Test("Many events are counted, broken ones do no harm")
    func bounds() {
        let many = String(repeating: "BEGIN:VEVENT\nSUMMARY:X\nEND:VEVENT\n", count: 8)
        let summary = Invitation.summary(of: many, method: nil, withDescription: false)
        #expect(summary?.hasSuffix("… and 3 more events.") == true)
        for text in [
            "", "BEGIN:VEVENT", "END:VEVENT", "BEGIN:VTODO\nEND:VTODO", ":::", "A;B;C\n\n D",
            "BEGIN:VEVENT\nDTSTART:99999999\n\n",
        ] {
            #expect(Invitation.summary(of: text, method: nil, withDescription: true) == nil)
        }
        let odd = "BEGIN:VEVENT\nDTSTART:2026\nDTEND:x\nORGANIZER;CN=\nSUMMARY:\\\nEND:VEVENT"
        #expect(Invitation.summary(of: odd, method: nil, withDescription: true) == "Calendar event")
    }

    @Test("A delivery report names who failed and why")
    func delivery() {
        let status = """
            Reporting-MTA: dns; mx.example.com
            Arrival-Date: Tue, 24 Nov 2026 09:00:00 +0000

            Final-Recipient: rfc822; bob@example.com
            Action: failed
            Status: 5.1.1
            Remote-MTA: dns; example.com
            Diagnostic-Code: smtp; 550 5.1.1 <bob@example.com>:
                User unknown

            Original-Recipient: rfc822;ann@example.com
            Action: Delayed
            Status: 4.4.1
            """
        #expect(
            DeliveryReport.summary(of: status) == """
                Delivery to bob@example.com: failed, status 5.1.1, 550 5.1.1 <bob@example.com>: User unknown
                Delivery to ann@example.com: delayed, status 4.4.1
                """)
        let receipt = "Final-Recipient: rfc822;bob@example.com\nDisposition: manual-action/MDN-sent-manually; displayed"
        #expect(DeliveryReport.summary(of: receipt) == "Receipt from bob@example.com: displayed")
    }
}
