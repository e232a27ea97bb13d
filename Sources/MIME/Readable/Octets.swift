extension UInt8 {
    var isLetter: Bool { (0x61...0x7A).contains(self | 0x20) }
    var isDigit: Bool { (0x30...0x39).contains(self) }
    /// Blank as HTML and CSS have it.
    var isSpace: Bool { self == 0x20 || (0x09...0x0D).contains(self) }
    var lowered: UInt8 { (0x41...0x5A).contains(self) ? self | 0x20 : self }
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
