/// A result that is a page of a list. When it would be larger than a result may be, the toolbox asks it to keep fewer items,
/// so that a caller who asked for many gets as many as fit, and is told that there are more.
public protocol PagedOutput: Codable, Sendable {
    /// How many items are on the page.
    var count: Int { get }
    /// Drops all but the first `count` items, and says so where the result tells whether there is more.
    mutating func keep(first count: Int)
}

extension ResultPage {
    /// The octets of a result, of a page no more of it than fits in `largest`.
    static func octets(
        of output: some Codable & Sendable, upTo largest: Int, offset: @escaping ZoneOffset
    ) throws -> [UInt8] {
        let octets = try octets(of: output, offset: offset)
        guard octets.count > largest, let page = output as? any PagedOutput else { return octets }
        return try cut(page, octets.count, largest, offset) ?? octets
    }

    private static func cut<Page: PagedOutput>(
        _ page: Page, _ size: Int, _ largest: Int, _ offset: @escaping ZoneOffset
    ) throws -> [UInt8]? {
        var page = page
        var size = size
        while page.count > 1 {
            // As many as fit if all were alike, a little fewer than that, and at least one fewer than now.
            page.keep(first: max(1, min(page.count - 1, page.count * largest / size - page.count / 32)))
            let octets = try octets(of: page, offset: offset)
            if octets.count <= largest { return octets }
            size = octets.count
        }
        return nil
    }
}
