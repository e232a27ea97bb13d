import MIME

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What FETCH tells about a message (RFC 3501, 7.4.2).
struct FetchedItems: Sendable {
    let uid: UInt32
    /// In lower case.
    private(set) var flags: Set<String> = []
    private(set) var arrival: Date?
    private(set) var size: Int?
    private(set) var structure: MIMEPart?
    /// Contents by their items in upper case: `BODY[TEXT]<0>`.
    private(set) var contents: [String: ArraySlice<UInt8>] = [:]
    /// X-GM-THRID
    private(set) var gmailThread: UInt64?

    /// The header fields that were asked for.
    var header: ArraySlice<UInt8>? { contents.first { $0.key.hasPrefix("BODY[HEADER") }?.value }

    /// All that an answer tells, by UID. What a server tells about other messages unasked has no UID and is passed over.
    static func all(_ reply: IMAPReply) -> [UInt32: FetchedItems] {
        var all: [UInt32: FetchedItems] = [:]
        for (_, values) in reply.data("FETCH") {
            guard let items = values.first?.list else { continue }
            var uid: UInt32?
            for index in stride(from: 0, to: items.count - 1, by: 2) where items[index].isAtom("UID") {
                uid = items[index + 1].number.flatMap { UInt32(exactly: $0) }
            }
            guard let uid, uid > 0 else { continue }
            // A message may come in several parts.
            all[uid, default: FetchedItems(uid: uid)].read(items)
        }
        return all
    }

    private init(uid: UInt32) { self.uid = uid }

    private mutating func read(_ items: [IMAPValue]) {
        for index in stride(from: 0, to: items.count - 1, by: 2) {
            guard case .atom(let word) = items[index] else { continue }
            let value = items[index + 1]
            switch word.uppercased() {
            case "FLAGS": flags = Set((value.list ?? []).prefix(200).compactMap { $0.text?.lowercased() })
            case "INTERNALDATE": arrival = value.text.flatMap(IMAPDate.read)
            case "RFC822.SIZE": size = value.number
            case "BODYSTRUCTURE": structure = MIMEPart(bodyStructure: value)
            case "X-GM-THRID": gmailThread = value.text.flatMap { UInt64($0) }
            case let item where item.hasPrefix("BODY["):
                // NIL is a content that is not there.
                contents[item] = value == .nil ? [] : value.octets
            default: break
            }
        }
    }
}
