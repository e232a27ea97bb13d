/// What a server says it can do (RFC 5321, 4.1.1.1), as far as it concerns one who sends seven bits to ASCII addresses.
struct SMTPCapabilities: Sendable, Equatable {
    /// RFC 2920
    var hasPipelining = false
    /// RFC 1870
    var knowsSize = false
    /// In octets; nil where the server names no limit.
    var sizeLimit: Int?

    /// Nothing but RFC 5321's own commands.
    init() {}

    /// - Parameter reply: the answer to EHLO; its first line is a greeting.
    init(_ reply: SMTPReply) {
        for line in reply.lines.dropFirst() {
            let words = line.split(separator: " ")
            switch words.first?.uppercased() {
            case "PIPELINING": hasPipelining = true
            case "SIZE":
                knowsSize = true
                // A limit of 0 is none.
                sizeLimit = words.dropFirst().first.flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
            default: break
            }
        }
    }
}
