/// Where a link leads, as far as a reader may be told: the web, an address, a telephone.
struct HTMLLink: Equatable {
    let url: String

    private static let longest = 2048

    /// - Returns: nil for any other scheme (`javascript:`, `data:`, `file:`), for relative links, which lead nowhere from a mail,
    ///   and for those too long to be of use.
    init?(_ reference: String) {
        // Browsers leave out tabs and line ends wherever they stand, and controls and blanks at both ends (WHATWG URL, 4.4).
        var octets: [UInt8] = []
        for octet in reference.utf8 where octet != 0x09 && octet != 0x0A && octet != 0x0D { octets.append(octet) }
        while let first = octets.first, first <= 0x20 { octets.removeFirst() }
        while let last = octets.last, last <= 0x20 { octets.removeLast() }
        guard !octets.isEmpty, octets.count <= Self.longest else { return nil }
        if octets.starts(with: "//".utf8) { octets.insert(contentsOf: "https:".utf8, at: 0) }
        guard let colon = octets.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        let scheme = String(decoding: octets[..<colon].map(\.lowercased), as: UTF8.self)
        let rest = octets[(colon + 1)...]
        switch scheme {
        case "http", "https": guard rest.starts(with: "//".utf8), rest.count > 2 else { return nil }
        case "mailto", "tel": guard !rest.isEmpty else { return nil }
        default: return nil
        }
        var url = scheme + ":"
        for scalar in String(decoding: rest, as: UTF8.self).unicodeScalars {
            switch scalar {
            case "\u{0}"..." ", "<", ">", "\"", "\u{7F}":
                url += "%" + String(scalar.value | 0x100, radix: 16, uppercase: true).dropFirst()
            case "!"..."~": url.unicodeScalars.append(scalar)
            case _ where scalar.properties.generalCategory == .format || scalar.properties.generalCategory == .control:
                continue
            default: url.unicodeScalars.append(scalar)
            }
        }
        self.url = url
    }

    /// Whether the text of the link says where it leads, so that it need not be said again.
    func isSaid(by text: String) -> Bool {
        if url.hasPrefix("tel:") {
            let digits = { (text: String) in text.filter { $0.isASCII && $0.isNumber } }
            return digits(text) == digits(url)
        }
        return Self.core(text) == Self.core(url)
    }

    private static func core(_ text: String) -> Substring {
        var core = text.trimmedBlanks.lowercased()[...]
        for prefix in ["https://", "http://", "mailto:"] where core.hasPrefix(prefix) {
            core = core.dropFirst(prefix.count)
            break
        }
        if core.hasPrefix("www.") { core = core.dropFirst(4) }
        if core.hasSuffix("/") { core = core.dropLast() }
        return core
    }
}
