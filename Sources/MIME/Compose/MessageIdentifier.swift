/// A message id that can be written (RFC 5322, 3.6.4), without angle brackets.
///
/// Ids of other people's messages are often not what the standard says; one that is printable ASCII without blanks and brackets
/// does no harm and is given back as it came. Any other is no id.
struct MessageIdentifier {
    let text: String

    init?(_ text: String) {
        var id = text[...]
        if id.hasPrefix("<"), id.hasSuffix(">") { id = id.dropFirst().dropLast() }
        let isWritable = id.utf8.allSatisfy {
            $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "<") && $0 != UInt8(ascii: ">")
        }
        guard isWritable, (1...500).contains(id.utf8.count) else { return nil }
        self.text = String(id)
    }
}
