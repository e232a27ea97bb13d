/// Text made ready to be a part: lines that end with CRLF, and the encoding that suits it.
struct TextContent {
    let octets: [UInt8]
    let charset: String
    let encoding: Encoding

    enum Encoding: String {
        case sevenBit = "7bit"
        case quotedPrintable = "quoted-printable"
        case base64 = "base64"
    }

    init(_ text: String) {
        octets = Self.lines(of: text)
        var longest = 0
        var length = 0
        var escaped = 0
        var isASCII = true
        var isSafe = true
        for (index, octet) in octets.enumerated() {
            switch octet {
            case 0x0A: length = 0
            case 0x0D: break
            case UInt8(ascii: "F") where length == 0 && octets[index...].starts(with: "From ".utf8):
                isSafe = false
                length = 1
            case 0x20..<0x7F, 0x09: length += 1
            default:
                if octet >= 0x80 { isASCII = false } else { isSafe = false }
                escaped += 1
                length += 1
            }
            longest = max(longest, length)
        }
        charset = isASCII ? "us-ascii" : "utf-8"
        if isASCII, isSafe, longest <= 998 {
            encoding = .sevenBit
        } else {
            // Quoted-printable keeps text readable and takes three octets for one; base64 takes four for three.
            encoding = escaped < octets.count / 6 || isASCII ? .quotedPrintable : .base64
        }
    }

    func write(to output: inout [UInt8]) {
        switch encoding {
        case .sevenBit: output += octets
        case .quotedPrintable: ContentEncoder.quotedPrintable(octets, to: &output)
        case .base64: ContentEncoder.base64Lines(octets, to: &output)
        }
    }

    /// Every line end is CRLF (RFC 5322, 2.3), also after the last line.
    private static func lines(of text: String) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(text.utf8.count + 64)
        var previous: UInt8 = 0
        for octet in text.utf8 {
            defer { previous = octet }
            switch octet {
            case 0x0D: result += [0x0D, 0x0A]
            case 0x0A: if previous != 0x0D { result += [0x0D, 0x0A] }
            default: result.append(octet)
            }
        }
        if result.last != 0x0A { result += [0x0D, 0x0A] }
        return result
    }
}
