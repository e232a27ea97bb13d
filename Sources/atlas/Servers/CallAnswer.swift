import AtlasCore
import JSON

/// What a tool answered.
struct CallAnswer {
    private let result: JSON

    init(_ result: JSON) { self.result = result }

    /// The sentence of an error result.
    var failure: CommandFailure? {
        guard result["isError"]?.flag == true else { return nil }
        let code = result["_meta"]?["atlas/error"]?["code"]?.text ?? "failed"
        let sentence = text.cleaned(keepingLines: true)
        return CommandFailure(
            message: sentence.isEmpty ? "The tool failed and did not say why." : sentence, code: code.cleaned(),
            exitCode: code == "not_configured" ? 78 : 1)
    }

    /// All texts of the content.
    var text: String {
        (result["content"]?.items ?? []).compactMap { $0["text"]?.text }.joined(separator: "\n")
    }

    /// What people are shown: the structured content, else a text that is JSON.
    var readable: JSON? { result["structuredContent"] ?? (try? JSON(parsing: Array(text.utf8))) }

    /// What programs are given: the structured content if that is all there is, else the whole result.
    var document: JSON { others.isEmpty ? readable ?? result : result }

    /// What of the content is no text, in words.
    var others: [String] {
        (result["content"]?.items ?? []).compactMap { item in
            guard let type = item["type"]?.text, type != "text" else { return nil }
            let what = [type, item["mimeType"]?.text, item["uri"]?.text ?? item["resource"]?["uri"]?.text]
            let size = item["data"]?.text.map { ", \($0.utf8.count / 4 * 3) octets" } ?? ""
            return "Also: " + what.compactMap { $0?.cleaned() }.joined(separator: " ") + size + " (--json gives it)"
        }
    }
}

/// A tool as people read it.
struct ToolDescription {
    private let tool: JSON

    init(_ tool: JSON) { self.tool = tool }

    private var name: String { tool["name"]?.text?.cleaned() ?? "" }
    private var required: [String] { (tool["inputSchema"]?["required"]?.items ?? []).compactMap(\.text) }
    private var properties: [JSON.Object.Member] { tool["inputSchema"]?["properties"]?.object?.members ?? [] }

    /// One line: the name and the arguments, those that must be given first.
    func brief(_ console: Console) -> String {
        let must = properties.filter { required.contains($0.name) }.map { $0.name + "=" }
        let may = properties.filter { !required.contains($0.name) }.map { "[\($0.name)=]" }
        return console.coloured(name, .bold) + " " + (must + may).joined(separator: " ").cleaned()
    }

    func full(_ console: Console) -> String {
        var text =
            console.coloured(name, .bold) + "\n\n" + (tool["description"]?.text ?? "").cleaned(keepingLines: true)
        for property in properties {
            let star = required.contains(property.name) ? " (required)" : ""
            text += "\n\n" + console.coloured(property.name.cleaned(), .bold) + star + ": " + Self.type(property.value)
            if let meaning = property.value["description"]?.text { text += "\n    " + meaning.cleaned() }
        }
        return text
    }

    private static func type(_ schema: JSON) -> String {
        if let choices = schema["enum"]?.items { return choices.compactMap(\.text).joined(separator: " | ").cleaned() }
        if let items = schema["items"] { return "list of " + type(items) }
        var words = schema["type"]?.text ?? "any"
        if let low = schema["minimum"] { words += " from \(low)" }
        if let high = schema["maximum"] { words += " to \(high)" }
        if let format = schema["format"]?.text { words += ", \(format)" }
        if let fallback = schema["default"] { words += ", otherwise \(fallback)" }
        return words.cleaned()
    }
}
