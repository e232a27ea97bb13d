import Testing

@testable import AtlasCore

@Suite("Which tools wait for a yes")
struct ApprovalPolicyTests {
    @Test(arguments: [
        ("call", ["make_call"], ["send_sms", "hangup_call", "start_recording"]),
        ("sms", ["send_sms"], ["make_call", "send_email"]),
        ("send", ["send_email", "send_estimate", "send_proposal"], ["send_sms", "save_draft"]),
        ("book", ["book_appointment", "reschedule_appointment", "cancel_appointment"], ["create_event"]),
        ("calendar", ["create_event", "update_event", "delete_event"], ["book_appointment", "sync_appointment"]),
        ("delete", ["delete_contact", "merge_contacts", "delete_event", "cancel_appointment"], ["create_contact"]),
        (" SMS ,, Call,", ["send_sms", "make_call"], ["send_email"]),
        ("create_contact", ["create_contact"], ["update_contact"]),
        ("all", ["create_contact", "send_sms", "a_tool_of_tomorrow"], []),
        ("sms,all", ["delete_contact"], []),
        ("", [], ["send_sms"]), (",", [], ["send_sms"]),
    ])
    func theWords(_ text: String, _ waiting: [String], _ passing: [String]) throws {
        let policy = try ApprovalPolicy(text)
        for tool in waiting { #expect(policy.covers(tool), "\(tool)") }
        for tool in passing { #expect(!policy.covers(tool), "\(tool)") }
        #expect(policy.isEmpty == waiting.isEmpty)
    }

    @Test func withoutASettingNothingWaits() throws {
        #expect(try ApprovalPolicy(nil) == .none)
    }

    /// A misspelt rule would let pass what it was meant to hold back.
    @Test(arguments: [
        "smss", "send sms", "sms;call", "list_calls", "none", "0", "sms,\u{200B}x", "*", "al", "sends", "ѕms",
    ])
    func whatMeansNothingIsRefused(_ word: String) {
        let error = #expect(throws: AtlasError.self) { try ApprovalPolicy("call,\(word)") }
        #expect(error?.code == .notConfigured && error?.message.contains("ATLAS_APPROVAL") == true)
    }

    @Test func everyToolOfAClassChangesSomething() {
        for (name, tools) in ApprovalPolicy.classes {
            #expect(ApprovalPolicy.changing.isSuperset(of: tools), "\(name)")
        }
    }
}
