extension UInt8 {
    /// Blank as HTML and CSS have it.
    var isSpace: Bool { self == 0x20 || (0x09...0x0D).contains(self) }
}

extension StringProtocol {
    /// Without blanks at both ends.
    var trimmedBlanks: String {
        var octets = Array(utf8)[...]
        while let first = octets.first, first.isSpace { octets.removeFirst() }
        while let last = octets.last, last.isSpace { octets.removeLast() }
        return String(decoding: octets, as: UTF8.self)
    }
}
