import Testing

@testable import MIME

@Suite("Quoted history")
struct QuotedHistoryTests {
    struct Sample: CustomTestStringConvertible, Sendable {
        let name: String
        let text: String
        let new: String
        var testDescription: String { name }
    }

    static let attributions = [
        "On Tue, Nov 24, 2026 at 9:00 AM Bob Smith <bob@example.com> wrote:",
        "On Tue, Nov 24, 2026 at 9:00 AM Bob Smith\n<bob@example.com> wrote:",
        "On 24 Nov 2026, at 09:00, Bob Smith\n<bob.with.a.long.address@example.com>\nwrote:",
        "Am 24.11.2026 um 09:00 schrieb Bob Schmidt:",
        "Am Di., 24. Nov. 2026 um 09:00 Uhr schrieb Bob Schmidt <\nbob@example.com>:",
        "Le mar. 24 nov. 2026 à 09:00, Bob <bob@example.com> a écrit :",
        "Le 24/11/2026 à 09:00, Bob a écrit\u{A0}:",
        "El mar, 24 nov 2026 a las 9:00, Bob (<bob@example.com>) escribió:",
        "Il giorno mar 24 nov 2026 alle ore 09:00 Bob <bob@example.com> ha scritto:",
        "Op di 24 nov. 2026 om 09:00 schreef Bob <bob@example.com>:",
        "Em ter., 24 de nov. de 2026 às 09:00, Bob <bob@example.com> escreveu:",
        "Den tis 24 nov. 2026 kl 09:00 skrev Bob <bob@example.com>:",
        "W dniu 24.11.2026 o 09:00, Bob pisze / napisał:",
        "2026年11月24日(火) 9:00 Bob <bob@example.com>:",
        "Bob <bob@example.com> 于2026年11月24日周二 09:00写道：",
        "вт, 24 нояб. 2026 г. в 09:00, Bob <bob@example.com>:",
    ]

    @Test("An attribution and the quote below it are history", arguments: attributions)
    func attribution(_ attribution: String) {
        let text = "Yes, that works.\n\n-- \nAnn\n\n\(attribution)\n\n> Can you come?\n>\n> > At nine?\n> Bob\n"
        #expect(QuotedHistory.newText(of: text) == "Yes, that works.\n\n-- \nAnn")
    }

    static let blocks = [
        "-----Original Message-----\nFrom: Bob\nSent: Tuesday\nTo: Ann\nSubject: Hi\n\nCan you come?",
        "________________________________\nFrom: Bob <bob@example.com>\nSent: Tuesday, November 24, 2026 9:00 AM\nTo: Ann\nSubject: Hi\n\nx",
        "From: Bob\nSent: Tuesday\nTo: Ann\nCc: Eve\nSubject: Hi\n\nx\n\nFrom: Ann\nSent: Monday\nTo: Bob\nSubject: Hi\n\ny",
        "*From:* Bob\n*Sent:* Tuesday\n*To:* Ann\n*Subject:* Hi\n\nx",
        "Von: Bob\nGesendet: Dienstag, 24. November 2026 09:00\nAn: Ann\nBetreff: Hallo\n\nx",
        "De : Bob\nEnvoyé : mardi 24 novembre 2026\nÀ : Ann\nObjet : Salut\n\nx",
        "De: Bob\nEnviado el: martes\nPara: Ann\nAsunto: Hola\n\nx",
        "Da: Bob\nInviato: martedì\nA: Ann\nOggetto: Ciao\n\nx",
        "Van: Bob\nVerzonden: dinsdag\nAan: Ann\nOnderwerp: Hoi\n\nx",
        "De: Bob\nEnviada em: terça-feira\nPara: Ann\nAssunto: Oi\n\nx",
        "-----Ursprüngliche Nachricht-----\nx", "-----Message d'origine-----\nx", "----- Mensaje original -----\nx",
        "-----Messaggio originale-----\nx", "-----Oorspronkelijk bericht-----\nx", "> Can you come?\n>\n> Bob",
        "On Tue, Nov 24, 2026 at 9:00 AM Bob <bob@example.com> wrote:\nCan you come?\n\nBob",
    ]

    @Test("What mail programs put below a reply is history", arguments: blocks)
    func block(_ block: String) { #expect(QuotedHistory.newText(of: "Yes.\n\nAnn\n\n\(block)\n") == "Yes.\n\nAnn") }

    static let kept = [
        "> Can you come?\n\nYes.\n\n> At nine?\n\nNo, at ten.",
        "On Tue, 24 Nov 2026, Bob wrote:\n> Can you come?\n\nYes.\n\nAnn",
        "Hello,\nFrom: the station it is a short walk.\nTo: get there take the bus.",
        "As he wrote: nothing is lost.\nAnd more.",
        "See below.\n\n---------- Forwarded message ---------\nFrom: Bob <bob@example.com>\nDate: Tue\nSubject: Hi\nTo: Ann\n\nCan you come?\n\n> old",
        "Begin forwarded message:\n\nFrom: Bob\nDate: Tuesday\nSubject: Hi\nTo: Ann\n\nText",
        "> only\n> history",
        "From: Bob\nSent: Tuesday\nTo: Ann\nSubject: Hi\n\nForwarded with no word",
        "Prices:\n--\nAnn", "", "\n\n", "one line",
    ]

    @Test("Answers between the lines, forwarded mail and plain text are kept whole", arguments: kept)
    func keeps(_ text: String) { #expect(QuotedHistory.newText(of: text) == text) }

    @Test("A signature below the history stays")
    func signature() {
        #expect(
            QuotedHistory.newText(of: "Yes.\n\nOn 24.11.2026 Bob wrote:\n> Can you?\n\n-- \nAnn\nAcme")
                == "Yes.\n\n-- \nAnn\nAcme")
    }

    static let pages: [(String, String)] = [
        (
            """
            <div dir="ltr">Yes.<div><br></div><div>Ann</div></div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">On Tue, Nov 24, 2026
            at 9:00 AM Bob &lt;<a href="mailto:bob@example.com">bob@example.com</a>&gt; wrote:<br></div><blockquote class="gmail_quote"
            style="margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);padding-left:1ex"><div dir="ltr">Can you come?</div></blockquote></div>
            """, "Yes.\n\nAnn"
        ),
        (
            """
            <html><body style="overflow-wrap: break-word;">Yes.<div>Ann<br id="lineBreakAtBeginningOfMessage"><div><br><blockquote type="cite"><div>On
            24 Nov 2026, at 09:00, Bob &lt;bob@example.com&gt; wrote:</div><br class="Apple-interchange-newline"><div><div>Can you come?</div></div>
            </blockquote></div><br></div></body></html>
            """, "Yes.\nAnn"
        ),
        (
            """
            <html><head><style type="text/css" style="display:none;"> P {margin-top:0;margin-bottom:0;} </style></head><body dir="ltr">
            <div style="font-family: Aptos; color: rgb(0, 0, 0);">Yes.</div><div id="appendonsend"></div>
            <hr style="display:inline-block;width:98%" tabindex="-1"><div id="divRplyFwdMsg" dir="ltr"><font face="Calibri, sans-serif"
            style="font-size:11pt" color="#000000"><b>From:</b> Bob &lt;bob@example.com&gt;<br><b>Sent:</b> Tuesday, November 24, 2026 9:00 AM<br>
            <b>To:</b> Ann<br><b>Subject:</b> Hi</font><div>&nbsp;</div></div><div>Can you come?</div></body></html>
            """, "Yes."
        ),
        (
            """
            <html><body><div class="WordSection1"><p class="MsoNormal">Yes.<o:p></o:p></p><p class="MsoNormal"><o:p>&nbsp;</o:p></p>
            <div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0in 0in 0in"><p class="MsoNormal"><b>From:</b> Bob<br>
            <b>Sent:</b> Tuesday<br><b>To:</b> Ann<br><b>Subject:</b> Hi<o:p></o:p></p></div><p class="MsoNormal">Can you come?</p></div></body></html>
            """, "Yes."
        ),
        (
            """
            <html><body><div class="ydp1yahoo-style-wrap"><div dir="ltr">Yes.</div></div><div id="yahoo_quoted_1" class="yahoo_quoted"><div>
            <div>On Tuesday, November 24, 2026 at 09:00:00 AM CST, Bob &lt;bob@example.com&gt; wrote: </div><div><br></div><div>Can you come?</div>
            </div></div></body></html>
            """, "Yes."
        ),
        (
            "<blockquote type=cite>Can you come?</blockquote><p>Yes.</p><blockquote type=cite>At nine?</blockquote><p>At ten.</p>",
            "> Can you come?\n\nYes.\n\n> At nine?\n\nAt ten."
        ),
        (
            """
            <div dir="ltr">See below.<br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">---------- Forwarded message ---------<br>From: Bob<br>
            Date: Tue<br>Subject: Hi<br>To: Ann<br></div><br>Can you come?</div></div>
            """,
            "See below.\n---------- Forwarded message ---------\nFrom: Bob\nDate: Tue\nSubject: Hi\nTo: Ann\n\nCan you come?"
        ),
    ]

    @Test("The marks of Gmail, Apple Mail, Outlook and Yahoo are known in HTML", arguments: pages)
    func html(_ html: String, _ expected: String) {
        let reading = HTMLText.read(html)
        #expect(QuotedHistory.newText(of: reading.text, mark: reading.history) == expected, "\(reading)")
    }

    @Test("Many attributions and quotes take no longer than their length")
    func floods() {
        let clock = ContinuousClock()
        let start = clock.now
        for piece in [
            "On 24 Nov 2026 Bob wrote:\n", "> a\n", "> a\nb\n", "From: a\nFrom: b\n", "On 24 Nov 2026\nBob\n", "-- \n",
            ">",
        ] {
            let text = String(repeating: piece, count: 20_000)
            #expect(QuotedHistory.newText(of: text).utf8.count <= text.utf8.count)
        }
        #expect(clock.now - start < .seconds(30))
    }
}
