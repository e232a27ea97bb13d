#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The header of a message or of a part (RFC 5322, 2.2): fields in their order, unfolded.
public struct MailHeader: Sendable {
    public struct Field: Sendable {
        public let name: String
        /// The octets after the colon, unfolded, without blanks at both ends, as they came.
        public let value: [UInt8]

        public init(name: String, value: [UInt8]) {
            self.name = name
            self.value = value
        }
    }

    public var fields: [Field]

    public init(fields: [Field] = []) { self.fields = fields }
}
