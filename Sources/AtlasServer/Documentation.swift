import AtlasCore
import JSON

/// The pages of docs/ that are written from the code.
enum Documentation {
    /// docs/configuration.md
    static func configuration() -> String {
        var page = """
            # Configuration

            Every setting is an environment variable. It may also stand in a file `.env` in the working folder, or in a JSON
            file named by `--config` or `ATLAS_CONFIG`; the environment wins over `.env`, and `.env` over the file. A blank
            value, and one that a host left unexpanded (`${…}`), counts as unset. Variables of older installations that are
            not on this page are ignored in the environment and in `.env`.


            """
        for group in ConfigurationKey.Group.allCases {
            page += "## \(group.rawValue)\n\n| variable | what it is for | when unset |\n| --- | --- | --- |\n"
            for key in ConfigurationKey.all where key.group == group {
                let help = key.help + (key.isSecret ? " Secret: never shown or logged." : "")
                page += "| `\(key.name)` | \(cell(help)) | \(cell(key.fallback ?? "–")) |\n"
            }
            page += "\n"
        }
        return String(page.dropLast())
    }

    /// One server's part of docs/tools.md: what `tools/list` answers with every toolset, for a reader.
    static func tools(of name: String, product: String, listing: [(toolset: String, tool: JSON)]) -> String {
        var page = "## \(product) (`\(name)`)\n\n"
        for (toolset, tool) in listing {
            guard let toolName = tool["name"]?.text, let description = tool["description"]?.text else { continue }
            page += "### \(toolName)\n\n"
            if toolset != "default" { page += "Toolset `\(toolset)`. " }
            page += "\(hints(tool))\n\n\(description)\n\n"
            page += arguments(tool["inputSchema"]) + "Result: " + fields(tool["outputSchema"]) + ".\n\n"
        }
        return String(page.dropLast())
    }

    private static func hints(_ tool: JSON) -> String {
        let annotations = tool["annotations"]
        if annotations?["readOnlyHint"]?.flag == true { return "Reads only." }
        var words = ["Changes data"]
        if annotations?["destructiveHint"]?.flag == true { words.append("may replace what was there") }
        if annotations?["idempotentHint"]?.flag == true { words.append("a repeat changes nothing more") }
        if annotations?["openWorldHint"]?.flag == true { words.append("reaches other people or systems") }
        return words.joined(separator: "; ") + "."
    }

    private static func arguments(_ schema: JSON?) -> String {
        guard let properties = schema?["properties"]?.object, !properties.isEmpty else { return "No arguments.\n\n" }
        let required = Set((schema?["required"]?.items ?? []).compactMap(\.text))
        var table = "| argument | type | meaning |\n| --- | --- | --- |\n"
        for member in properties.members {
            let name = "`\(member.name)`" + (required.contains(member.name) ? " *" : "")
            table += "| \(name) | \(cell(type(member.value))) | \(cell(member.value["description"]?.text ?? "")) |\n"
        }
        return table + "\n"
    }

    /// A schema in a few words: `integer 1…200 = 20`.
    private static func type(_ schema: JSON) -> String {
        var words = schema["type"]?.text ?? "any"
        if let items = schema["items"] { words = "list of \(type(items))" }
        if let choices = schema["enum"]?.items {
            words = choices.compactMap(\.text).map { "`\($0)`" }.joined(separator: " ")
        }
        if let low = schema["minimum"] {
            words += schema["maximum"].map { " \(low)…\($0)" } ?? " ≥ \(low)"
        }
        if let most = schema["maxLength"] { words += " ≤ \(most) characters" }
        if let format = schema["format"]?.text { words += " (\(format))" }
        if let fallback = schema["default"], fallback != [] { words += " = \(fallback)" }
        return words
    }

    private static func fields(_ schema: JSON?) -> String {
        (schema?["properties"]?.object?.names ?? []).map { "`\($0)`" }.joined(separator: " ")
    }

    private static func cell(_ text: String) -> String {
        text.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
    }
}
