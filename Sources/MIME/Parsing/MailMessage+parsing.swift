extension MailMessage {
    /// Reads a message from what came over the wire or out of a mailbox.
    ///
    /// Never fails and never traps: what is missing or too much is left out and said in `problems`. The contents are slices of the
    /// octets given, so a large message is there once.
    public init(parsing octets: [UInt8]) {
        var parser = MessageParser(octets[...])
        parser.parse()
        self.init(root: parser.tree(), problems: parser.problems)
    }
}
