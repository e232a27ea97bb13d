/// The attributes of an element, as libxml2 hands them over.
struct HTMLAttributes {
    private var values: [(name: String, value: String)] = []

    init(_ list: UnsafePointer<UnsafePointer<CChar>?>?) {
        guard var next = list else { return }
        while let name = next[0], values.count < 100 {
            values.append((String(cString: name), next[1].map { String(cString: $0) } ?? ""))
            next += 2
        }
    }

    subscript(_ name: String) -> String? { values.first { $0.name == name }?.value }

    var classes: [String] {
        self["class"]?.lowercased().split { $0 == " " || $0 == "\t" || $0 == "\n" }.prefix(16).map(String.init) ?? []
    }

    /// What older attributes say in CSS's words; style sheets and the style attribute win over it.
    var presentation: [CSSDeclaration] {
        var list: [CSSDeclaration] = []
        func add(_ property: CSSDeclaration.Property) {
            list.append(CSSDeclaration(property: property, isImportant: false))
        }
        if let color = (self["color"] ?? self["text"]).flatMap({ CSSColor($0.lowercased()) }) { add(.color(color)) }
        if let value = self["bgcolor"] { add(.background(CSSColor(value.lowercased()))) }
        if self["background"] != nil { add(.background(nil)) }
        return list
    }

    /// Whether an image is a pixel that counts readers, or a spacer.
    var isTiny: Bool {
        ["width", "height"].contains { name in
            self[name].flatMap { CSSLength($0.trimmedBlanks.lowercased()) }.map {
                $0.unit != .percent && $0.amount <= 2
            } ?? false
        }
    }
}
