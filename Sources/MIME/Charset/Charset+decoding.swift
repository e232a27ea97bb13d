extension Charset {
    /// The text that the octets stand for. What stands for nothing becomes U+FFFD, one for each octet or sequence that was wrong.
    /// - Parameter isCut: that the octets were cut off somewhere, so that half a character at their end is no fault.
    func decode(_ octets: ArraySlice<UInt8>, isCut: Bool = false) -> String {
        if isASCIICompatible, octets.isASCII { return String(decoding: octets, as: UTF8.self) }
        switch self {
        case .utf8:
            let text = isCut ? octets.droppingUnfinishedUTF8 : octets
            return String(decoding: text.starts(with: [0xEF, 0xBB, 0xBF]) ? text.dropFirst(3) : text, as: UTF8.self)
        case .ascii:
            return Charset.guess(octets, isCut: isCut)
        case .windows1252:
            return Charset.decodeWindows1252(octets)
        case .iconv(let name, _):
            guard let conversion = CharsetConversion(from: name) else { return Charset.guess(octets, isCut: isCut) }
            var text = conversion.convert(octets, isCut: isCut)
            if text.unicodeScalars.first == "\u{FEFF}" { text.unicodeScalars.removeFirst() }
            return text
        }
    }

    /// Text of which nobody says what it is: UTF-8 where it can be, which other text hardly ever is by chance.
    package static func guess(_ octets: ArraySlice<UInt8>, isCut: Bool = false) -> String {
        let text = isCut ? octets.droppingUnfinishedUTF8 : octets
        if text.isUTF8 { return Charset.utf8.decode(text) }
        return decodeWindows1252(octets)
    }

    /// The text under a label; the label itself where it is unknown, so that the reader can be told.
    package static func decode(_ octets: ArraySlice<UInt8>, label: String?, isCut: Bool = false) -> (
        text: String, unknown: Bool
    ) {
        guard let label, !label.isEmpty else { return (guess(octets, isCut: isCut), false) }
        guard let charset = Charset(label: label) else { return (guess(octets, isCut: isCut), !octets.isASCII) }
        return (charset.decode(octets, isCut: isCut), false)
    }

    private static func decodeWindows1252(_ octets: ArraySlice<UInt8>) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(octets.count + octets.count / 4)
        for octet in octets {
            switch octet {
            case 0..<0x80:
                text.append(octet)
            case 0x80..<0xA0:
                let scalar = Unicode.Scalar(upperControls[Int(octet - 0x80)]) ?? "\u{FFFD}"
                text.append(contentsOf: Array(String(scalar).utf8))
            default:
                text.append(octet < 0xC0 ? 0xC2 : 0xC3)
                text.append(octet & 0xBF)
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// What windows-1252 has at 80 to 9F; five places are empty, and stay the controls that they are in iso-8859-1.
    private static let upperControls: [UInt16] = [
        0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x008D,
        0x017D,
        0x008F, 0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153,
        0x009D,
        0x017E, 0x0178,
    ]
}
