/// A message (RFC 5322 with MIME), read from octets that nobody vouches for: reading never fails, and what could not be read is said.
public struct MailMessage: Sendable {
    public var root: MIMEPart
    /// What could not be read or was left out, each a sentence.
    public var problems: [String]

    public init(root: MIMEPart, problems: [String] = []) {
        self.root = root
        self.problems = problems
    }

    public var header: MailHeader { root.header }
}
