/// A length or a number of CSS, as far as it matters: how much, and of what.
struct CSSLength: Equatable {
    enum Unit { case pixels, ems, percent, none }

    var amount: Double
    var unit: Unit

    /// - Returns: nil for what is no plain length (`auto`, `calc(…)`).
    init?(_ text: some StringProtocol) {
        var digits = 0
        var amount = 0.0
        var scale = 0.0
        var sign = 1.0
        var rest = Array(text.utf8)[...]
        if let first = rest.first, first == UInt8(ascii: "-") || first == UInt8(ascii: "+") {
            if first == UInt8(ascii: "-") { sign = -1 }
            rest.removeFirst()
        }
        while let octet = rest.first, octet.isDigit || octet == UInt8(ascii: "."), digits < 20 {
            rest.removeFirst()
            if octet == UInt8(ascii: ".") {
                guard scale == 0 else { return nil }
                scale = 1
            } else {
                digits += 1
                amount = amount * 10 + Double(octet - 0x30)
                scale *= 10
            }
        }
        guard digits > 0 else { return nil }
        self.amount = sign * (scale > 0 ? amount / scale : amount)
        let factor: Double
        switch String(decoding: rest, as: UTF8.self) {
        case "": (unit, factor) = (.none, 1)
        case "px": (unit, factor) = (.pixels, 1)
        case "pt": (unit, factor) = (.pixels, 4 / 3)
        case "pc", "in", "cm", "mm": (unit, factor) = (.pixels, 16)
        case "em": (unit, factor) = (.ems, 1)
        case "ex", "ch": (unit, factor) = (.ems, 0.5)
        case "rem": (unit, factor) = (.pixels, 16)
        case "%": (unit, factor) = (.percent, 1)
        case "vw", "vh": (unit, factor) = (.pixels, 8)
        default: return nil
        }
        self.amount *= factor
    }

    /// In pixels, where `whole` is one em and 100 %.
    func pixels(of whole: Double) -> Double {
        switch unit {
        case .pixels, .none: amount
        case .ems: amount * whole
        case .percent: amount * whole / 100
        }
    }
}
