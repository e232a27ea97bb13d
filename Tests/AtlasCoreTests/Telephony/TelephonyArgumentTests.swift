import Foundation
import Testing

@testable import AtlasCore

struct TelephonyArgumentTests {
    @Test func aMessageCannotBecomeMarkup() throws {
        let twiml = try TwiML.saying(#"</Say><Dial>+19005550100</Dial> & "quoted" 'too'"# + "\u{7}\u{202E}")
        #expect(
            twiml
                == "<Response><Say>&lt;/Say&gt;&lt;Dial&gt;+19005550100&lt;/Dial&gt; &amp; &quot;quoted&quot; &apos;too&apos;</Say></Response>"
        )
        #expect(XMLText.read(twiml) == .document(root: "Response"))
    }

    @Test func everyMessageMakesWellFormedMarkup() throws {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<500 {
            let scalars = (0..<20).compactMap { _ in Unicode.Scalar(UInt32.random(in: 0...0x10FFFF, using: &random)) }
            var message = "a"
            message.unicodeScalars.append(contentsOf: scalars)
            #expect(XMLText.read(try TwiML.saying(message)) == .document(root: "Response"), "\(scalars.map(\.value))")
        }
    }

    @Test(arguments: [
        "<Response><Say>Hello</Response>", "<Say>Hello</Say>", "Hello", "", "<Response/><Response/>",
        "<Response>&nbsp;</Response>",
        "<!DOCTYPE Response [<!ENTITY a \"b\">]><Response>&a;</Response>", "<Response><Say>\u{1}</Say></Response>",
        "<Response><Say>" + String(repeating: "a", count: 4000) + "</Say></Response>",
    ])
    func twimlThatIsNoneIsRefused(_ twiml: String) {
        #expect { try TwiML.checked(twiml) } throws: { error in
            (error as? AtlasError)?.code == .invalidArgument && (error as? AtlasError)?.parameter == "twiml"
        }
    }

    @Test(arguments: ["<Response/>", " <?xml version=\"1.0\"?><Response><Say voice=\"alice\">Hé</Say></Response>\n"])
    func twimlThatIsWellFormedPasses(_ twiml: String) throws {
        #expect(try TwiML.checked(twiml) == twiml.trimmingCharacters(in: .whitespacesAndNewlines))
    }

    @Test(arguments: [
        "CA0123456789abcdef0123456789ABCDEF", " CA0123456789abcdef0123456789abcdef ",
    ])
    func aCallSIDHasItsShape(_ sid: String) throws {
        #expect(try SID.check(sid, prefix: "CA", parameter: "call_sid", of: .twilio) == sid.trimmed)
    }

    @Test(arguments: [
        "", "CA", "RE0123456789abcdef0123456789abcdef", "CA0123456789abcdef0123456789abcdeg", "CA../../Accounts",
        "ca0123456789abcdef0123456789abcdef",
        "b3877c40-da60-4998-90ad-b792e98472af", "CA0123456789abcdef0123456789abcdef0",
        "CA0123456789abcdef0123456789abcde\n",
    ])
    func whatIsNoCallSIDIsRefused(_ sid: String) {
        #expect(throws: AtlasError.self) { try SID.check(sid, prefix: "CA", parameter: "call_sid", of: .twilio) }
    }

    @Test func signalWireGivesUUIDs() throws {
        let sid = "b3877c40-da60-4998-90ad-b792e98472af"
        #expect(try SID.check(sid, prefix: "CA", parameter: "call_sid", of: .signalwire) == sid)
    }

    @Test(arguments: [
        ("https://example.com/a?b=c#d", true), ("http://example.com", true), ("HTTPS://EXAMPLE.COM/", true),
        ("https://example.com:8443/", true), ("https://[2001:db8::1]/x", true), ("https://[2001:db8::1]:443/x", true),
        ("https://user:pw@example.com/", false), ("https://user@example.com/", false), ("ftp://example.com/", false),
        ("javascript:alert(1)", false), ("https://", false), ("https:///x", false), ("https://example.com/a b", false),
        ("https://example.com/\r\nX: y", false), ("https://example.com:port/", false), ("//example.com", false),
        ("https://exa<mple.com", false), ("https://bücher.example/", false),
    ])
    func urls(_ url: String, _ isAcceptable: Bool) {
        #expect(WebURL.isAcceptable(url) == isAcceptable)
    }

    @Test(arguments: [
        ("Tue, 31 Aug 2010 20:36:28 +0000", 1_283_286_988), ("Tue, 31 Aug 2010 16:36:28 -0400", 1_283_286_988),
        ("31 Aug 2010 20:36:28 GMT", 1_283_286_988), ("2010-08-31T20:36:28Z", 1_283_286_988),
    ])
    func twilioDates(_ text: String, _ instant: Int) {
        #expect(TwilioDate.read(text) == Date(timeIntervalSince1970: Double(instant)))
    }

    @Test(arguments: [
        "", "Tue, 31 Feb 2010 20:36:28 +0000", "Tue, 31 Aug 2010 25:36:28 +0000", "yesterday", "2010-08-31",
    ])
    func whatIsNoTwilioDate(_ text: String) { #expect(TwilioDate.read(text) == nil) }

    @Test(arguments: [
        ("STOP", true), (" stop. ", true), ("Stop!", true), ("UNSUBSCRIBE", true), ("opt-out", true),
        ("Stop by at noon", false),
        ("Please don't stop", false), ("START", false), ("", false),
    ])
    func stopWords(_ body: String, _ stops: Bool) { #expect(TelephonyPolicy.asksToStop(body) == stops) }

    @Test func policyGoesByPrefixes() throws {
        let policy = try TelephonyPolicy(
            Configuration(["ATLAS_COMMS_ALLOWED_NUMBERS": "+1, +44 20", "ATLAS_COMMS_BLOCKED_NUMBERS": "+1-900"]))
        try policy.check(PhoneNumber(e164: "+12175550134"))
        try policy.check(PhoneNumber(e164: "+442079460000"))
        for number in ["+19005550100", "+491701234567", "+441614960000"] {
            #expect(throws: AtlasError.self) { try policy.check(PhoneNumber(e164: number)) }
        }
    }

    @Test(arguments: ["217", "+", "+1*", "everybody", "+12345678901234567"])
    func aPolicyThatNobodyUnderstandsLetsNothingThrough(_ rule: String) {
        #expect(throws: AtlasError.self) { try TelephonyPolicy(Configuration(["ATLAS_COMMS_BLOCKED_NUMBERS": rule])) }
    }
}
