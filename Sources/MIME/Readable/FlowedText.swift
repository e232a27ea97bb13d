/// Plain text as a reader has it: paragraphs that were flowed for the way are whole again (RFC 3676).
enum FlowedText {
    /// - Parameter deletesSpace: the space that marks a flowed line is not part of the text (`DelSp=yes`, 4.1).
    static func unflowed(_ text: String, deletesSpace: Bool) -> String {
        var result: [UInt8] = []
        result.reserveCapacity(text.utf8.count)
        // The depth of the paragraph that the next line may go on with.
        var flowing: Int?
        for line in text.lineSlices {
            var rest = Array(line.utf8)[...]
            let depth = rest.prefix { $0 == UInt8(ascii: ">") }.count
            rest = rest.dropFirst(depth)
            // Space-stuffing (4.4).
            if rest.first == 0x20 { rest = rest.dropFirst() }
            let isSignature = rest.elementsEqual("-- ".utf8)
            if let flowing, flowing == depth, !isSignature {
                // Goes on.
            } else {
                if flowing != nil { Self.endLine(&result) }
                result.append(contentsOf: repeatElement(UInt8(ascii: ">"), count: depth))
                if depth > 0, !rest.isEmpty { result.append(0x20) }
            }
            // The line before a signature is not flowed (4.3); neither is one of blanks only.
            if rest.last == 0x20, !isSignature {
                result += deletesSpace ? rest.dropLast() : rest
                flowing = depth
            } else {
                result += rest
                result.append(0x0A)
                flowing = nil
            }
        }
        // The slices have no line end after the last.
        if flowing == nil, result.last == 0x0A { result.removeLast() }
        return String(decoding: result, as: UTF8.self)
    }

    private static func endLine(_ result: inout [UInt8]) {
        while result.last == 0x20 { result.removeLast() }
        result.append(0x0A)
    }
}

extension String {
    /// With line feeds as its only line ends.
    var withLineFeeds: String {
        guard utf8.contains(0x0D) else { return self }
        var octets: [UInt8] = []
        octets.reserveCapacity(utf8.count)
        var previous: UInt8 = 0
        for octet in utf8 {
            if octet == 0x0D {
                octets.append(0x0A)
            } else if octet != 0x0A || previous != 0x0D {
                octets.append(octet)
            }
            previous = octet
        }
        return String(decoding: octets, as: UTF8.self)
    }

    /// Its lines; its line ends are line feeds.
    var lineSlices: [Substring] { utf8.split(separator: 0x0A, omittingEmptySubsequences: false).map { Substring($0) } }
}
