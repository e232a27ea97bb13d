/// Parameters of MIME header fields whose values may be anything (RFC 2231).
enum ParameterWriter {
    /// `filename="report.pdf"`, or for what ASCII cannot say, `filename*=UTF-8''…` in as many pieces as it needs, and last, for readers
    /// that know nothing of it, an ASCII likeness.
    ///
    /// The likeness comes last because readers that take the first of two must find the true one.
    static func parameters(_ name: String, _ value: String) -> [String] {
        if isSimple(value) { return ["\(name)=\"\(value)\""] }
        let pieces = cut(value, nameLength: name.utf8.count)
        let extended = pieces.enumerated()
            .map { index, piece in
                let charset = index == 0 ? "UTF-8''" : ""
                return pieces.count == 1 ? "\(name)*=\(charset)\(piece)" : "\(name)*\(index)*=\(charset)\(piece)"
            }
        return extended + ["\(name)=\"\(likeness(of: value))\""]
    }

    private static func isSimple(_ value: String) -> Bool {
        let octets = value.utf8
        return octets.count <= 60 && !octets.contains("=?".utf8)
            && octets.allSatisfy { $0 >= 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
    }

    /// Percent-encoded, in pieces that each fit a line and end with a scalar.
    private static func cut(_ value: String, nameLength: Int) -> [String] {
        // What stands around a piece: a blank, `*NN*=`, `UTF-8''` in the first, and the semicolon.
        let room = HeaderWriter.lineLength - nameLength - 14
        var pieces: [String] = []
        var piece = ""
        for scalar in value.unicodeScalars {
            let encoded = String(Character(scalar)).utf8.map(percentEncoded).joined()
            if piece.utf8.count + encoded.utf8.count > room {
                pieces.append(piece)
                piece = ""
            }
            piece += encoded
        }
        return pieces + [piece]
    }

    /// `attribute-char` of RFC 2231, 7, as it is.
    private static func percentEncoded(_ octet: UInt8) -> String {
        if HeaderText.isAtomText(octet), !"*'%/=?".utf8.contains(octet) {
            return String(Character(Unicode.Scalar(octet)))
        }
        let digits = [octet >> 4, octet & 15].map { Character(Unicode.Scalar(ContentEncoder.hexDigit($0))) }
        return "%\(digits[0])\(digits[1])"
    }

    /// ASCII with an underscore for each row of other characters; the end stays, for what it says of the kind of file.
    private static func likeness(of value: String) -> String {
        var result = ""
        for scalar in value.unicodeScalars {
            let isSafe =
                scalar.value >= 0x20 && scalar.value < 0x7F && scalar != "\"" && scalar != "\\" && scalar != "?"
            if isSafe { result.unicodeScalars.append(scalar) } else if result.last != "_" { result.append("_") }
        }
        return result.count <= 60 ? result : "\(result.prefix(50))\(result.suffix(10))"
    }
}
