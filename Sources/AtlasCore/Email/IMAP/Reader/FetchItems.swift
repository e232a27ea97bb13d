/// What is asked for of messages.
enum FetchItems {
    /// What identifies a message and its conversation.
    static let threadFields = "BODY.PEEK[HEADER.FIELDS (MESSAGE-ID REFERENCES IN-REPLY-TO)]"

    /// For a line of a list. The beginning of the text is parsed with the fields that say how to read it.
    static func summary(_ capabilities: IMAPCapabilities) -> String {
        let fields =
            "FROM TO CC SUBJECT DATE MESSAGE-ID IN-REPLY-TO REFERENCES MIME-VERSION CONTENT-TYPE "
            + "CONTENT-TRANSFER-ENCODING CONTENT-DISPOSITION"
        return "(\(facts(capabilities)) BODYSTRUCTURE BODY.PEEK[HEADER.FIELDS (\(fields))] BODY.PEEK[TEXT]<0.4096>)"
    }

    /// For a whole message, of which no more than `octets` come at first.
    static func message(_ capabilities: IMAPCapabilities, octets: Int) -> String {
        "(\(facts(capabilities)) BODYSTRUCTURE BODY.PEEK[]<0.\(octets)>)"
    }

    private static func facts(_ capabilities: IMAPCapabilities) -> String {
        "UID FLAGS INTERNALDATE RFC822.SIZE" + (capabilities.isGmail ? " X-GM-THRID" : "")
    }
}

extension IMAPCommand {
    static func fetch(_ uids: IMAPSet, _ items: String) -> [IMAPCommand] {
        uids.texts().map { IMAPCommand("UID FETCH", "\($0) \(items)") }
    }
}
