/// How many text messages the carrier makes of a text (3GPP TS 23.038 and 23.040).
///
/// In the GSM 7-bit alphabet a message holds 160 septets, or 153 when there are several; anything else makes it UCS-2, with 70
/// or 67 UTF-16 code units. A character of the extension table takes two septets, one beyond the BMP two code units, and neither
/// is torn apart between two messages.
public struct MessageSegments: Sendable, Equatable {
    public enum Encoding: String, Sendable {
        case gsm7 = "GSM-7"
        case ucs2 = "UCS-2"
    }

    public let encoding: Encoding
    public let count: Int

    public init(_ text: String) {
        let septets = text.unicodeScalars.map(Self.septets)
        if septets.contains(0) {
            encoding = .ucs2
            count = Self.segments(text.unicodeScalars.map { UTF16.width($0) }, alone: 70, joined: 67)
        } else {
            encoding = .gsm7
            count = Self.segments(septets, alone: 160, joined: 153)
        }
    }

    private static func segments(_ widths: [Int], alone: Int, joined: Int) -> Int {
        guard widths.reduce(0, +) > alone else { return 1 }
        var count = 1
        var used = 0
        for width in widths {
            if used + width > joined {
                count += 1
                used = 0
            }
            used += width
        }
        return count
    }

    /// 1 in the basic table, 2 in the extension table, 0 in neither.
    private static func septets(_ scalar: Unicode.Scalar) -> Int {
        if basic.contains(scalar) { return 1 }
        return extended.contains(scalar) ? 2 : 0
    }

    private static let basic = Set(
        ("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
            + "¿abcdefghijklmnopqrstuvwxyzäöñüà").unicodeScalars)
    private static let extended = Set("\u{0C}^{}\\[~]|€".unicodeScalars)
}
