extension MailHeader {
    /// The Message-IDs of a field (RFC 5322, 3.6.4), without angle brackets and without the blanks of a fold inside. What stands
    /// around them is no identifier: `In-Reply-To: Your message of Monday <1@example.com>`.
    func identifiers(_ name: String) -> [String] {
        guard let value = octets(name)?[...] else { return [] }
        var identifiers: [String] = []
        var position = value.startIndex
        while identifiers.count < MailLimits.identifiers {
            let open = value.next(UInt8(ascii: "<"), from: position, before: value.endIndex)
            let close = value.next(UInt8(ascii: ">"), from: open, before: value.endIndex)
            guard open < close, close < value.endIndex else { break }
            if let identifier = Self.identifier(value[(open + 1)..<close]) { identifiers.append(identifier) }
            position = close + 1
        }
        if !identifiers.isEmpty { return identifiers }
        // Programs that forget the brackets write the identifier and nothing else.
        return value.split { $0.isBlank || $0 == UInt8(ascii: ",") }.prefix(MailLimits.identifiers)
            .filter {
                $0.contains(UInt8(ascii: "@")) && !$0.contains { $0 == UInt8(ascii: "<") || $0 == UInt8(ascii: ">") }
            }
            .compactMap { Self.identifier($0) }
    }

    private static func identifier(_ octets: ArraySlice<UInt8>) -> String? {
        let kept = octets.filter { $0 > 0x20 && $0 != 0x7F }
        return kept.isEmpty ? nil : kept[...].guessedText
    }
}
