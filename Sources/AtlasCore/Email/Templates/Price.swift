/// An amount of money in a letter, in hundredths.
struct Price: Sendable, Equatable {
    let cents: Int

    private static let most = 10_000_000

    /// Reads `150`, `150.5`, `$150.00`, `1,250.50`.
    ///
    /// - Parameter currency: the sign that may stand before it, or after it, besides `$`.
    /// - Throws: ``AtlasError`` `invalid_argument`.
    init(_ text: String, currency: String, parameter: String = "price") throws(AtlasError) {
        func wrong(_ words: String) -> AtlasError {
            AtlasError(
                .invalidArgument, "\(parameter) must be \(words), got \"\(text.cleaned().cutShort(at: 40))\".",
                parameter: parameter)
        }
        var number = text.cleaned()
        for sign in [currency, "$"] where !sign.isEmpty {
            if number.hasPrefix(sign) {
                number = String(number.dropFirst(sign.count)).trimmed
                break
            }
            if number.hasSuffix(sign) {
                number = String(number.dropLast(sign.count)).trimmed
                break
            }
        }
        let parts = number.split(separator: ".", omittingEmptySubsequences: false)
        guard let units = parts.first.flatMap(Self.units), parts.count <= 2 else {
            throw wrong("an amount like 150, 1250.50 or $1,250.50")
        }
        var hundredths = 0
        if parts.count == 2 {
            guard (1...2).contains(parts[1].utf8.count), let decimals = Self.digits(parts[1]) else {
                throw wrong("an amount with at most two decimals, like 150.50")
            }
            hundredths = parts[1].utf8.count == 1 ? decimals * 10 : decimals
        }
        let cents = units * 100 + hundredths
        guard cents > 0, cents <= Self.most * 100 else { throw wrong("more than 0 and at most \(Self.most)") }
        self.cents = cents
    }

    /// A whole number, its thousands parted by commas or not at all.
    private static func units(_ text: Substring) -> Int? {
        let groups = text.split(separator: ",", omittingEmptySubsequences: false)
        guard groups.count == 1 || (1...3).contains(groups[0].utf8.count),
            groups.dropFirst().allSatisfy({ $0.utf8.count == 3 })
        else { return nil }
        return digits(Substring(groups.joined()))
    }

    private static func digits(_ text: Substring) -> Int? {
        guard (1...12).contains(text.utf8.count), text.utf8.allSatisfy({ $0 &- 0x30 < 10 }) else { return nil }
        return Int(text)
    }

    /// `$1,250.50`; a code stands apart: `CHF 1,250.50`.
    func text(currency: String) -> String {
        var units = String(cents / 100)
        var grouped = ""
        while units.count > 3 {
            grouped = "," + units.suffix(3) + grouped
            units.removeLast(3)
        }
        let hundredths = cents % 100
        let gap = currency.last?.isLetter == true ? " " : ""
        return "\(currency)\(gap)\(units)\(grouped).\(hundredths < 10 ? "0" : "")\(hundredths)"
    }
}
