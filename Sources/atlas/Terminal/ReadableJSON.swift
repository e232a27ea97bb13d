import AtlasCore
import JSON

extension JSON {
    /// The value on several lines, for people.
    var readable: String {
        var text = ""
        write(to: &text, indent: 0)
        return text
    }

    /// The value on one line.
    var plain: String { description.visible }

    private func write(to text: inout String, indent: Int) {
        let margin = String(repeating: "  ", count: indent + 1)
        let end = "\n" + String(repeating: "  ", count: indent)
        switch self {
        case .array(let items) where !items.isEmpty:
            for (index, item) in items.enumerated() {
                text += (index == 0 ? "[\n" : ",\n") + margin
                item.write(to: &text, indent: indent + 1)
            }
            text += end + "]"
        case .object(let object) where !object.isEmpty:
            for (index, member) in object.members.enumerated() {
                text += (index == 0 ? "{\n" : ",\n") + margin + JSON.string(member.name).plain + ": "
                member.value.write(to: &text, indent: indent + 1)
            }
            text += end + "}"
        default: text += plain
        }
    }
}

extension JSON.Object {
    /// The beginning of the members, on one line, for people.
    var brief: String {
        let words = members.map { "\($0.name)=\($0.value.plain)" }.joined(separator: " ").cleaned()
        return words.count > 160 ? "\(words.prefix(160))…" : words
    }
}

extension String {
    /// With what a terminal would obey, and JSON lets pass, as escapes of JSON: DEL and the C1 controls, among them CSI.
    fileprivate var visible: String {
        guard unicodeScalars.contains(where: { (0x7F...0x9F).contains($0.value) }) else { return self }
        var result = ""
        for scalar in unicodeScalars {
            if (0x7F...0x9F).contains(scalar.value) {
                result += "\\u00" + String(scalar.value, radix: 16)
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
