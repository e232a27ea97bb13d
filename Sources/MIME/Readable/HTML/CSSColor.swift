/// A colour of CSS (CSS Color 4) in eighths of bits enough to tell text from what it stands on.
struct CSSColor: Equatable {
    var red: Double
    var green: Double
    var blue: Double
    var alpha: Double = 1

    static let white = CSSColor(red: 255, green: 255, blue: 255)

    /// Whether text of this colour on `ground` is not to be seen.
    func vanishes(on ground: CSSColor) -> Bool {
        if alpha < 0.06 { return true }
        guard ground.alpha > 0.94 else { return false }
        let distance = max(abs(red - ground.red), abs(green - ground.green), abs(blue - ground.blue))
        return distance * alpha <= 8
    }

    /// - Parameter text: in lower case.
    init?(_ text: some StringProtocol) {
        let text = text.trimmedBlanks
        if let named = Self.named[text] {
            self = named
        } else if text.hasPrefix("#") {
            self.init(hex: text.dropFirst())
        } else if let open = text.firstIndex(of: "("), text.hasSuffix(")") {
            let numbers = text[text.index(after: open)...].dropLast().split { " ,/".contains($0) }.compactMap {
                CSSLength($0)
            }
            self.init(function: text[..<open], numbers)
        } else if text.utf8.count == 6 || text.utf8.count == 3 {
            // `<font color=ffffff>`
            self.init(hex: text[...])
        } else {
            return nil
        }
    }

    init(red: Double, green: Double, blue: Double, alpha: Double = 1) {
        (self.red, self.green, self.blue, self.alpha) = (red, green, blue, alpha)
    }

    private init?(hex: Substring) {
        var digits = hex.utf8.compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
        guard digits.count == hex.utf8.count else { return nil }
        if digits.count == 3 || digits.count == 4 { digits = digits.flatMap { [$0, $0] } }
        guard digits.count == 6 || digits.count == 8 else { return nil }
        let parts = stride(from: 0, to: digits.count, by: 2).map { Double(digits[$0] * 16 + digits[$0 + 1]) }
        self.init(red: parts[0], green: parts[1], blue: parts[2], alpha: parts.count > 3 ? parts[3] / 255 : 1)
    }

    private init?(function: Substring, _ numbers: [CSSLength]) {
        guard numbers.count >= 3 else { return nil }
        let alpha = numbers.count > 3 ? numbers[3].pixels(of: 1) : 1
        switch function {
        case "rgb", "rgba":
            let parts = numbers.map { $0.unit == .percent ? $0.pixels(of: 255) : $0.amount }
            self.init(red: parts[0], green: parts[1], blue: parts[2], alpha: alpha)
        case "hsl", "hsla":
            let (hue, saturation, light) = (numbers[0].amount, numbers[1].amount / 100, numbers[2].amount / 100)
            func part(_ offset: Double) -> Double {
                let place = (offset + hue / 30).truncatingRemainder(dividingBy: 12)
                return 255 * (light - saturation * min(light, 1 - light) * max(-1, min(place - 3, 9 - place, 1)))
            }
            self.init(red: part(0), green: part(8), blue: part(4), alpha: alpha)
        default: return nil
        }
    }

    private static let named: [String: CSSColor] = {
        let rows: [(String, Int)] = [
            ("white", 0xFFFFFF), ("black", 0), ("red", 0xFF0000), ("green", 0x008000), ("blue", 0x0000FF),
            ("yellow", 0xFFFF00),
            ("gray", 0x808080), ("grey", 0x808080), ("silver", 0xC0C0C0), ("navy", 0x000080), ("orange", 0xFFA500),
            ("purple", 0x800080),
            ("maroon", 0x800000), ("teal", 0x008080), ("olive", 0x808000), ("lime", 0x00FF00), ("aqua", 0x00FFFF),
            ("cyan", 0x00FFFF),
            ("fuchsia", 0xFF00FF), ("magenta", 0xFF00FF), ("snow", 0xFFFAFA), ("ivory", 0xFFFFF0),
            ("whitesmoke", 0xF5F5F5),
            ("ghostwhite", 0xF8F8FF), ("floralwhite", 0xFFFAF0), ("lightgray", 0xD3D3D3), ("lightgrey", 0xD3D3D3),
            ("gainsboro", 0xDCDCDC), ("aliceblue", 0xF0F8FF), ("mintcream", 0xF5FFFA), ("azure", 0xF0FFFF),
            ("darkgray", 0xA9A9A9),
            ("darkgrey", 0xA9A9A9), ("dimgray", 0x696969), ("dimgrey", 0x696969), ("darkblue", 0x00008B),
            ("darkred", 0x8B0000),
        ]
        var named = [String: CSSColor](
            uniqueKeysWithValues: rows.map { name, value in
                (name, CSSColor(red: Double(value >> 16), green: Double(value >> 8 & 255), blue: Double(value & 255)))
            })
        named["transparent"] = CSSColor(red: 0, green: 0, blue: 0, alpha: 0)
        return named
    }()
}
