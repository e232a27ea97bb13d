/// A component of iCalendar (RFC 5545, 3.6): its lines and the components in it, in their order.
struct ICalendarComponent: Sendable, Equatable {
    enum Item: Sendable, Equatable {
        case line(ContentLine)
        case component(ICalendarComponent)
    }

    /// `VEVENT`, in upper case.
    let name: String
    var begin: ContentLine
    var items: [Item]
    var end: ContentLine

    init(name: String, items: [Item], ending: LineEnding) {
        self.name = name
        self.items = items
        begin = ContentLine("BEGIN", name, ending: ending)
        end = ContentLine("END", name, ending: ending)
    }

    /// Reads the component whose BEGIN is the first of `lines`, and takes its lines away.
    ///
    /// - Returns: nil when it does not end, or others begin in it too deeply.
    init?(taking lines: inout ArraySlice<ContentLine>, depth: Int = 0) {
        guard depth < 8, let begin = lines.popFirst(), begin.name == "BEGIN", let opening = ContentProperty(begin)
        else {
            return nil
        }
        self.begin = begin
        name = opening.value.trimmed.uppercased()
        items = []
        while let line = lines.first {
            switch line.name {
            case "BEGIN":
                guard let inner = ICalendarComponent(taking: &lines, depth: depth + 1) else { return nil }
                items.append(.component(inner))
            case "END":
                lines.removeFirst()
                guard ContentProperty(line)?.value.trimmed.uppercased() == name else { return nil }
                end = line
                return
            default:
                lines.removeFirst()
                items.append(.line(line))
            }
        }
        return nil
    }

    func write(to octets: inout [UInt8]) {
        octets += begin.octets
        for item in items {
            switch item {
            case .line(let line): octets += line.octets
            case .component(let component): component.write(to: &octets)
            }
        }
        octets += end.octets
    }

    var components: [ICalendarComponent] {
        items.compactMap { if case .component(let component) = $0 { component } else { nil } }
    }

    /// The properties of these names, in their order.
    func properties(_ names: String...) -> [ContentProperty] {
        items.compactMap { item in
            guard case .line(let line) = item, names.contains(line.name) else { return nil }
            return ContentProperty(line)
        }
    }

    /// The first property of that name.
    func property(_ name: String) -> ContentProperty? {
        for case .line(let line) in items where line.name == name { return ContentProperty(line) }
        return nil
    }
}
