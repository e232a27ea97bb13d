import MIME

/// Whom a letter goes to: each address once, in the first list that names it.
struct Recipients: Sendable {
    private(set) var to: [MailAddress] = []
    private(set) var cc: [MailAddress] = []
    private(set) var bcc: [MailAddress] = []

    init(to: [MailAddress], cc: [MailAddress] = [], bcc: [MailAddress] = []) {
        var seen: Set<String> = []
        self.to = to.filter { seen.insert($0.key).inserted }
        self.cc = cc.filter { seen.insert($0.key).inserted }
        self.bcc = bcc.filter { seen.insert($0.key).inserted }
    }

    var all: [MailAddress] { to + cc + bcc }

    /// By the parameters that name them.
    var lists: [(parameter: String, addresses: [MailAddress])] { [("to", to), ("cc", cc), ("bcc", bcc)] }
}
