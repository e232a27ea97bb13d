#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

extension UInt8 {
    /// A space or a tab.
    var isBlank: Bool { self == 0x20 || self == 0x09 }
    /// A carriage return or a line feed: in mail that has gone through many hands, either one ends a line.
    var isLineEnd: Bool { self == 0x0D || self == 0x0A }
    var isDigit: Bool { self >= 0x30 && self <= 0x39 }
    var isLetter: Bool { (self | 0x20) >= 0x61 && (self | 0x20) <= 0x7A }
    var lowercased: UInt8 { self >= 0x41 && self <= 0x5A ? self | 0x20 : self }

    /// The value of a hexadecimal digit.
    var hexadecimal: UInt8? {
        switch self {
        case 0x30...0x39: self - 0x30
        case 0x41...0x46: self - 0x41 + 10
        case 0x61...0x66: self - 0x61 + 10
        default: nil
        }
    }
}

extension ArraySlice<UInt8> {
    /// Where the octet comes next; the end where it does not come again.
    func next(_ octet: UInt8, from start: Int, before end: Int) -> Int {
        guard start >= startIndex, start < end, end <= endIndex else { return end }
        return withUnsafeBytes { all in
            guard let base = all.baseAddress else { return end }
            guard let found = memchr(base + (start - startIndex), Int32(octet), end - start) else { return end }
            return startIndex + (UnsafeRawPointer(found) - base)
        }
    }

    var isASCII: Bool {
        withUnsafeBufferPointer { all in
            var seen: UInt8 = 0
            for octet in all { seen |= octet }
            return seen < 0x80
        }
    }

    var isUTF8: Bool { String(validating: self, as: UTF8.self) != nil }

    /// Without the beginning of a character at the end.
    var droppingUnfinishedUTF8: ArraySlice<UInt8> {
        for back in 1...3 where back <= count {
            let octet = self[endIndex - back]
            if octet & 0xC0 == 0x80 { continue }
            let length = octet >= 0xF0 ? 4 : octet >= 0xE0 ? 3 : octet >= 0xC0 ? 2 : 1
            return length > back ? dropLast(back) : self
        }
        return self
    }

    /// Without blanks and line ends at both ends.
    var trimmed: ArraySlice<UInt8> {
        var slice = self
        while let first = slice.first, first.isBlank || first.isLineEnd { slice = slice.dropFirst() }
        while let last = slice.last, last.isBlank || last.isLineEnd { slice = slice.dropLast() }
        return slice
    }

    /// As text of which nobody says what it is.
    var guessedText: String { Charset.guess(self) }
}
