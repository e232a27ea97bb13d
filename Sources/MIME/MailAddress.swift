/// A mailbox of RFC 5322, 3.4: an address and the name that stands before it.
public struct MailAddress: Sendable, Hashable {
    /// The display name, decoded (RFC 2047); nil when there is none.
    public var name: String?
    /// `local@domain`, as it was given, without angle brackets.
    public var address: String

    public init(name: String? = nil, address: String) {
        self.name = name
        self.address = address
    }
}
