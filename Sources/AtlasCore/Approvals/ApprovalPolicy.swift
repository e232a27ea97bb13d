/// Which tools act only after a person's yes: `ATLAS_APPROVAL`.
public struct ApprovalPolicy: Sendable, Equatable {
    private let tools: Set<String>
    private let coversAll: Bool

    /// Nothing waits.
    public static let none = ApprovalPolicy(tools: [], coversAll: false)

    public var isEmpty: Bool { tools.isEmpty && !coversAll }

    /// Whether a tool that changes something has to wait.
    public func covers(_ tool: String) -> Bool { coversAll || tools.contains(tool) }

    private init(tools: Set<String>, coversAll: Bool) {
        self.tools = tools
        self.coversAll = coversAll
    }

    /// - Throws: ``AtlasError`` `not_configured` for a word that is neither a class nor a tool: one that was misspelt would
    ///   otherwise let pass what it was meant to hold back.
    public init(_ text: String?) throws(AtlasError) {
        var tools: Set<String> = []
        var coversAll = false
        for word in (text ?? "").split(separator: ",").map({ String($0).trimmed.lowercased() }) where !word.isEmpty {
            if word == "all" {
                coversAll = true
            } else if let members = Self.classes.first(where: { $0.name == word })?.tools {
                tools.formUnion(members)
            } else if Self.changing.contains(word) {
                tools.insert(word)
            } else {
                let classes = Self.classes.map(\.name).joined(separator: ", ")
                throw AtlasError(
                    .notConfigured,
                    "\(ConfigurationKey.approval.name) names \"\(word.cleaned().prefix(60))\", which is neither all, nor one of "
                        + "\(classes), nor a tool that changes something.")
            }
        }
        self.init(tools: tools, coversAll: coversAll)
    }

    /// What people call a kind of action, and the tools that do it, whichever server has them: the setting is shared by all.
    static let classes: [(name: String, tools: [String])] = [
        ("call", ["make_call"]),
        ("sms", ["send_sms"]),
        ("send", ["send_email", "send_estimate", "send_proposal"]),
        ("book", ["book_appointment", "reschedule_appointment", "cancel_appointment"]),
        ("calendar", ["create_event", "update_event", "delete_event"]),
        ("delete", ["delete_contact", "merge_contacts", "delete_event", "cancel_appointment"]),
    ]

    /// Every tool that changes something, of all servers.
    static let changing = Set(classes.flatMap(\.tools)).union([
        "create_contact", "update_contact", "log_interaction", "sync_appointment", "save_draft", "mark_messages",
        "move_message", "hangup_call", "start_recording", "stop_recording", "save_call_transcript", "process_call",
    ])
}
