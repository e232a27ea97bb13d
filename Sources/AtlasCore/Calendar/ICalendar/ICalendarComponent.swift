/// Where a component stands among the lines of an object (RFC 5545, 3.4): its BEGIN and END, and what is between.
struct ICalendarComponent: Sendable, Equatable {
    /// In upper case.
    let name: String
    /// BEGIN and END included.
    let range: Range<Int>
    /// The lines that are its own and not a component's within it.
    let own: [Int]
    /// How many components it stands in.
    let depth: Int

    /// The components of an object, in the order in which they begin.
    ///
    /// - Returns: nil when BEGIN and END do not match, or components stand in each other too deep.
    static func all(in lines: [ContentLine]) -> [ICalendarComponent]? {
        struct Open {
            let name: String
            let start: Int
            var own: [Int] = []
            let order: Int
        }
        var open: [Open] = []
        var found: [(order: Int, component: ICalendarComponent)] = []
        var begun = 0
        for (index, line) in lines.enumerated() {
            switch line.name {
            case "BEGIN":
                guard open.count < 16 else { return nil }
                open.append(Open(name: line.value.trimmed.uppercased(), start: index, order: begun))
                begun += 1
            case "END":
                guard let last = open.popLast(), last.name == line.value.trimmed.uppercased() else { return nil }
                found.append(
                    (
                        last.order,
                        ICalendarComponent(
                            name: last.name, range: last.start..<index + 1, own: last.own, depth: open.count)
                    ))
            default:
                if !open.isEmpty { open[open.count - 1].own.append(index) }
            }
        }
        guard open.isEmpty else { return nil }
        return found.sorted { $0.order < $1.order }.map(\.component)
    }

    func first(_ name: String, in lines: [ContentLine]) -> ContentLine? {
        own.first { lines[$0].name == name }.map { lines[$0] }
    }

    func every(_ name: String, in lines: [ContentLine]) -> [ContentLine] {
        own.filter { lines[$0].name == name }.map { lines[$0] }
    }

    func text(_ name: String, in lines: [ContentLine]) -> String? {
        first(name, in: lines).map { ICalendarText.unescaped($0.value).trimmed }
    }
}
